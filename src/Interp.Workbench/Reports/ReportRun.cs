using Interp.Workbench.Workspace;

namespace Interp.Workbench.Reports;

/// <summary>A run at its place in a report.</summary>
/// <param name="Record">The run.</param>
/// <param name="Anchor">The id of its section.</param>
internal sealed record ReportRun(RunRecord Record, string Anchor)
{
    /// <summary>The section's heading.</summary>
    public string Heading => Record.Manifest.Title;

    /// <summary>The id of a figure's place.</summary>
    public string FigureAnchor(int number) => $"{Anchor}-figure-{number + 1}";
}
