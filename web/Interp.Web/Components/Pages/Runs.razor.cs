using Interp.Web.ViewModels;
using Interp.Workbench.Workspace;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Interp.Web.Components.Pages;

/// <summary>The list of runs.</summary>
public partial class Runs
{
    private string _words = "";

    [Inject]
    private RunsModel Model { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnInitialized() => Model.Load();

    private static string AddressOf(RunSummary run) => $"/runs/{Uri.EscapeDataString(run.Id)}";

    private void Search(ChangeEventArgs change)
    {
        _words = change.Value?.ToString() ?? "";
        Model.Load(_words);
    }

    private async Task Delete(RunsModel.Group group)
    {
        var stages = group.Stages.Count > 0 ? $" and its {group.Stages.Count} stages" : "";
        if (await Dialogs.ShowMessageBoxAsync("Delete this run?", $"“{group.Run.Title}”{stages} will be deleted from the disk.", yesText: "Delete", cancelText: "Keep") is true)
        {
            Model.Delete(group);
            Model.Load(_words);
        }
    }
}
