using Interp.Workbench.Reports.Findings;
using Interp.Workbench.Workspace;

namespace Interp.Cli.Verbs;

/// <summary>Prints runs for people: what was found, in words and with its controls, then the numbers.</summary>
internal static class RunText
{
    private const int Columns = 110;

    /// <summary>Writes what a run found, its numbers, and where it is.</summary>
    public static void Write(TextWriter output, RunRecord run)
    {
        if (WriteFindings(output, [run]))
        {
            output.WriteLine();
        }

        ResultText.Write(output, run.Result);
        output.WriteLine($"run: {run.Folder}");
    }

    /// <summary>Writes what runs found, each with the control beside it.</summary>
    /// <returns>Whether there was anything.</returns>
    public static bool WriteFindings(TextWriter output, IEnumerable<RunRecord> runs)
    {
        var findings = FindingList.Of(runs);
        foreach (var (_, finding) in findings)
        {
            WriteWrapped(output, finding.Text, "");
            if (finding.Caveat.Length > 0)
            {
                WriteWrapped(output, finding.Caveat, "  ");
            }
        }

        return findings.Count > 0;
    }

    private static void WriteWrapped(TextWriter output, string text, string indent)
    {
        var line = indent;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > indent.Length && line.Length + 1 + word.Length > Columns)
            {
                output.WriteLine(line);
                line = indent;
            }

            line += line.Length == indent.Length ? word : " " + word;
        }

        output.WriteLine(line);
    }
}
