using Interp.Web.ViewModels;
using Interp.Workbench.Jobs;
using Microsoft.AspNetCore.Components;

namespace Interp.Web.Components.Pages;

/// <summary>A page that follows the queue: it renders again when a job changes, and every second while one runs.</summary>
public abstract class JobPage : ComponentBase, IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);
    private Timer? _clock;

    /// <summary>The queue as pages show it.</summary>
    [Inject]
    public required JobsModel Model { get; set; }

    [Inject]
    private JobQueue Queue { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose()
    {
        Queue.Changed -= Update;
        _clock?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            // Not while the page is only written out once by the server.
            Queue.Changed += Update;
            _clock = new Timer(_ => Tick(), null, s_tick, s_tick);
            StateHasChanged();
        }
    }

    private void Tick()
    {
        if (Model.ActiveCount > 0)
        {
            _ = InvokeAsync(StateHasChanged);
        }
    }

    // On the queue's thread.
    private void Update(Job job) => _ = InvokeAsync(StateHasChanged);
}
