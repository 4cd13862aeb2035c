using System.CommandLine;
using Interp.Cli.Frame;
using Interp.Workbench.Reports;
using Interp.Workbench.Workspace;

namespace Interp.Cli.Verbs;

/// <summary><c>interp report</c>: chosen runs as one file.</summary>
internal sealed class ReportVerb : Verb
{
    private readonly Argument<string[]> _runs = new("runs")
    {
        HelpName = "RUN…",
        Description = "Ids of runs in the workspace, or run folders, in the order in which the report tells of them.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _out = new("--out") { Description = "The report to write.", HelpName = "FILE.html", Required = true };
    private readonly Option<string?> _title = new("--title") { Description = "The heading; else the title of the first run.", HelpName = "TEXT" };

    /// <summary>Makes the verb.</summary>
    public ReportVerb() : base("report", "Write a report of chosen runs: one file that opens offline.")
    {
        Add(_runs);
        Add(_out);
        Add(_title);
    }

    /// <inheritdoc/>
    public override void Run(VerbContext context)
    {
        var path = context.Get(_out)!;
        OutputFile.Check(path);
        using var workspace = context.OpenWorkspace();
        var runs = context.Get(_runs).Select(run => Open(workspace, run)).ToList();
        ReportWriter.Write(path, context.Get(_title) ?? runs[0].Manifest.Title, runs);
        var written = new Written(Path.GetFullPath(path), [.. runs.Select(run => run.Manifest.Id)]);
        context.Print(written, (output, result) => output.WriteLine($"report: {result.Report}"));
    }

    private static RunRecord Open(Workspace workspace, string run) => RunRecord.IsRunFolder(run) ? RunRecord.Open(run) : workspace.OpenRun(run);

    /// <summary>What was written.</summary>
    /// <param name="Report">The file.</param>
    /// <param name="Runs">The ids of the runs in it.</param>
    private sealed record Written(string Report, IReadOnlyList<string> Runs);
}
