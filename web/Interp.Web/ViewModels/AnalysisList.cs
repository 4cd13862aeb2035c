using Interp.Analysis;
using Interp.Compute;
using Interp.Workbench.Analyze;
using Interp.Workbench.Jobs;

namespace Interp.Web.ViewModels;

/// <summary>The analyses that the pages offer: the catalogue, and before it the whole line.</summary>
public sealed class AnalysisList(IReadOnlyList<AnalysisEntry> entries)
{
    private static readonly AnalysisChoice s_line = new(
        JobRequest.WholeLine,
        "The whole line",
        "Capture, atoms, circles, capacity and entanglement of a model, and one report of all of them.",
        SourceKinds.Model | SourceKinds.Text,
        typeof(AnalyzeOptions));

    /// <summary>What can be started, in the order in which pages list it.</summary>
    public IReadOnlyList<AnalysisChoice> All { get; } =
        [s_line, .. entries.Select(entry => new AnalysisChoice(entry.Name, entry.Title, entry.Summary, entry.Sources, entry.OptionsType))];

    /// <summary>The choice with a name.</summary>
    /// <exception cref="InterpException">There is none.</exception>
    public AnalysisChoice Find(string name) =>
        All.FirstOrDefault(choice => choice.Name == name) ?? throw new InterpException($"there is no analysis {name}: choose one from the list of analyses");
}
