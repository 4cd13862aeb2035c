using Interp.Web.ViewModels;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace Interp.Web.Components.Pages;

/// <summary>The form of one analysis; its address may fill it in.</summary>
public partial class AnalysisForm
{
    private string? _loaded;

    /// <summary>The catalogue name.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    [Inject]
    private AnalysisFormModel Model { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        // Once an address: what was typed since stays.
        if (_loaded != Navigation.Uri)
        {
            _loaded = Navigation.Uri;
            var query = QueryHelpers.ParseQuery(Navigation.ToAbsoluteUri(Navigation.Uri).Query);
            Model.Load(Name, query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()));
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && Model.HasHooks)
        {
            await Task.Run(Model.FindHooks);
            StateHasChanged();
        }
    }

    private void Start()
    {
        if (Model.Start() is { } job)
        {
            Navigation.NavigateTo($"/jobs/{job.Id}");
        }
    }

    private void Check(FormField field) => Model.Check(field);

    private void Refresh() => StateHasChanged();
}
