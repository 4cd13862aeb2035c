using Interp.Web.ViewModels;
using Interp.Workbench.Figures;
using Interp.Workbench.Workspace;
using Microsoft.AspNetCore.Components;

namespace Interp.Web.Components.Pages;

/// <summary>The first page.</summary>
public partial class Home
{
    [Inject]
    private HomeModel Model { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized() => Model.Load();

    private static string Describe(ModelListing model)
    {
        string[] parts =
        [
            model.Description,
            model.Task is null ? "" : $"task: {model.Task}",
            model.Family,
            NumberText.Bytes(model.Bytes),
            model.IsShipped ? "comes with Interp" : "",
        ];
        return string.Join(" · ", parts.Where(part => part.Length > 0));
    }

    private void RunLine(string model)
    {
        if (Model.RunLine(model) is { } job)
        {
            Navigation.NavigateTo($"/jobs/{job.Id}");
        }
    }
}
