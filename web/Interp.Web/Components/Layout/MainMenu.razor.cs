using Interp.Web.ViewModels;
using Interp.Workbench.Jobs;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Interp.Web.Components.Layout;

/// <summary>The places of the app, and how many jobs are under way.</summary>
public sealed partial class MainMenu : IDisposable
{
    private static readonly (string Address, string Word, NavLinkMatch Match)[] s_places =
    [
        ("/", "Home", NavLinkMatch.All),
        ("/models", "Models", NavLinkMatch.Prefix),
        ("/analyses", "Analyses", NavLinkMatch.Prefix),
        ("/jobs", "Jobs", NavLinkMatch.Prefix),
        ("/runs", "Runs", NavLinkMatch.Prefix),
    ];

    private int Active { get; set; }

    [Inject]
    private JobsModel Model { get; set; } = null!;

    [Inject]
    private JobQueue Queue { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose() => Queue.Changed -= Update;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Active = Model.ActiveCount;
        Queue.Changed += Update;
    }

    // On the queue's thread; only a change of the number is worth a render.
    private void Update(Job job)
    {
        var active = Model.ActiveCount;
        if (active != Active)
        {
            _ = InvokeAsync(() =>
            {
                Active = active;
                StateHasChanged();
            });
        }
    }
}
