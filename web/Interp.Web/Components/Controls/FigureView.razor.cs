using Interp.Workbench.Figures;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Interp.Web.Components.Controls;

/// <summary>
/// One figure of a run. The browser fetches its arrays as bytes and draws them itself; this component renders the frame once
/// and leaves the rest to its module.
/// </summary>
public sealed partial class FigureView : IAsyncDisposable
{
    private ElementReference _plot;
    private ElementReference _values;
    private IJSObjectReference? _module;
    private string _summary = "";

    /// <summary>The run that holds it.</summary>
    [Parameter]
    [EditorRequired]
    public string RunId { get; set; } = "";

    /// <summary>The figure.</summary>
    [Parameter]
    [EditorRequired]
    public FigureDocument Figure { get; set; } = null!;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    private string TitleId => $"figure-{RunId}-{Figure.Name}".Replace('.', '-');

    private string Address => $"/runs/{Uri.EscapeDataString(RunId)}/figures/{Uri.EscapeDataString(Figure.Name)}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_module is null)
        {
            return;
        }

        try
        {
            await _module.InvokeVoidAsync("remove", _plot);
            await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and its figures with it.
        }
    }

    /// <inheritdoc/>
    protected override void OnParametersSet() => _summary = FigureSummary.Describe(Figure);

    /// <inheritdoc/>
    protected override bool ShouldRender() => false;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _module = await Script.InvokeAsync<IJSObjectReference>("import", "/Components/Controls/FigureView.razor.js");
            await _module.InvokeVoidAsync("draw", _plot, _values, Address);
        }
    }
}
