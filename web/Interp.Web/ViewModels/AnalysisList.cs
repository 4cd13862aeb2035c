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

    // What a name starts with, and the heading that such analyses stand under.
    private static readonly (string Start, string Heading)[] s_headings =
    [
        (JobRequest.WholeLine, "Everything at once"),
        ("capture", "The model at work"),
        ("heads", "The model at work"),
        ("lens", "The model at work"),
        ("atoms", "Dictionaries of atoms"),
        ("circles", "Circles"),
        ("capacity", "Room in the space"),
        ("geometry", "Room in the space"),
        ("memories", "Associative memories"),
        ("entanglement", "Entanglement"),
    ];

    /// <summary>What can be started, in the order in which pages list it.</summary>
    public IReadOnlyList<AnalysisChoice> All { get; } =
        [s_line, .. entries.Select(entry => new AnalysisChoice(entry.Name, entry.Title, entry.Summary, entry.Sources, entry.OptionsType))];

    /// <summary>Choices under their headings, in the order in which they come.</summary>
    public static IEnumerable<IGrouping<string, AnalysisChoice>> UnderHeadings(IEnumerable<AnalysisChoice> choices) =>
        choices.GroupBy(choice => Array.Find(s_headings, heading => choice.Name.StartsWith(heading.Start, StringComparison.Ordinal)).Heading ?? "Others");

    /// <summary>The choice with a name.</summary>
    /// <exception cref="InterpException">There is none.</exception>
    public AnalysisChoice Find(string name) =>
        All.FirstOrDefault(choice => choice.Name == name) ?? throw new InterpException($"there is no analysis {name}: choose one from the list of analyses");
}
