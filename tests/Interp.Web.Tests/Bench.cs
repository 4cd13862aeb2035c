using Bunit;
using Interp.Web.Hosting;
using Interp.Web.ViewModels;
using Interp.Workbench.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Interp.Web.Tests;

/// <summary>The pages' services over an empty workspace and the clock as the only analysis, for components rendered without a browser.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Bench()
    {
        Workspace = LabWorkspace.Open(_folder["workspace"], _folder["no-models"]);
        Queue = QueueOf(Workspace);
        Pages.JSInterop.Mode = JSRuntimeMode.Loose;
        Pages.Services.AddWorkbench(null);
        Pages.Services.AddSingleton(Workspace);
        Pages.Services.AddSingleton(Queue);
        Pages.Services.AddSingleton(new AnalysisList([ClockAnalysis.Entry]));
    }

    public BunitContext Pages { get; } = new();

    public LabWorkspace Workspace { get; }

    public JobQueue Queue { get; }

    public static JobQueue QueueOf(LabWorkspace workspace)
    {
        var runner = new JobRunner(workspace, [ClockAnalysis.Entry]);
        return new JobQueue(runner.Run, runner.TitleOf, TimeProvider.System, runner);
    }

    /// <summary>Runs a request to its end.</summary>
    public async Task<Job> Finish(JobRequest request)
    {
        var job = Queue.Enqueue(request);
        while (!job.IsFinished)
        {
            await Task.Delay(10, Xunit.TestContext.Current.CancellationToken);
        }

        return job;
    }

    public async ValueTask DisposeAsync()
    {
        await Pages.DisposeAsync();
        await Queue.DisposeAsync();
        _folder.Dispose();
    }
}
