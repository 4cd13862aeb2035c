using Interp.Analysis;
using Interp.Web.ViewModels;
using Microsoft.AspNetCore.Components;

namespace Interp.Web.Components.Pages;

/// <summary>The catalogue of analyses.</summary>
public partial class Analyses
{
    /// <summary>The model to which the list is limited, from the address; null for all analyses.</summary>
    [Parameter]
    [SupplyParameterFromQuery(Name = "model")]
    public string? Subject { get; set; }

    [Inject]
    private AnalysisList List { get; set; } = null!;

    private IEnumerable<AnalysisChoice> Shown => List.All.Where(choice => Subject is null || choice.Sources.HasFlag(SourceKinds.Model));

    private string AddressOf(AnalysisChoice choice) =>
        $"/analyses/{Uri.EscapeDataString(choice.Name)}{(Subject is null ? "" : $"?model={Uri.EscapeDataString(Subject)}")}";
}
