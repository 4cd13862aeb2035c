using Interp.Web.ViewModels;
using Microsoft.AspNetCore.Components;

namespace Interp.Web.Components.Pages;

/// <summary>One model's page.</summary>
public partial class ModelDetails
{
    /// <summary>The model's name.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    [Inject]
    private ModelModel Model { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnParametersSet() => Model.Load(Name);

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // Away from the page's thread: the first time it loads libtorch.
            await Task.Run(Model.Inspect);
            StateHasChanged();
        }
    }
}
