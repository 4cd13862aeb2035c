using System.Text;
using Interp.Compute;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Reports;

/// <summary>
/// Writes runs as one HTML file that needs nothing else: it opens from the disk, offline, with its figures, its numbers, its
/// settings and its provenance inside. The same runs give the same bytes.
/// </summary>
public static class ReportWriter
{
    /// <summary>Writes a report beside its place and renames it: a reader sees the old file or the whole new one.</summary>
    /// <param name="path">The file, <c>report.html</c> say; its folder is made if needed.</param>
    /// <param name="title">The heading.</param>
    /// <param name="runs">The runs, in the order in which the report tells of them.</param>
    /// <exception cref="InterpException">There is no run, or the file cannot be written.</exception>
    public static void Write(string path, string title, IReadOnlyList<RunRecord> runs)
    {
        var full = Path.GetFullPath(path);
        var temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            try
            {
                using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                {
                    Write(stream, title, runs);
                    stream.Flush(flushToDisk: true);
                }

                File.Move(temporary, full, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InterpException($"the report {full} cannot be written: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Writes a report to a stream, UTF-8, and leaves the stream open.</summary>
    /// <exception cref="InterpException">There is no run.</exception>
    public static void Write(Stream stream, string title, IReadOnlyList<RunRecord> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 0)
        {
            throw new InterpException("a report needs at least one run: name the runs that it is about");
        }

        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        new ReportPage(writer, title, runs).Write();
    }
}
