using Interp.Analysis;
using Interp.Compute;

namespace Interp.Workbench.Jobs;

/// <summary>Does what a job asks, on the queue's thread.</summary>
internal sealed class JobRunner(Workspace.Workspace workspace, IReadOnlyList<AnalysisEntry> entries) : IDisposable
{
    private readonly RequestRunner _requests = new(workspace, entries);

    /// <summary>The heading of a request.</summary>
    /// <exception cref="InterpException">There is no such analysis.</exception>
    public string TitleOf(JobRequest request) => _requests.TitleOf(request);

    /// <summary>Works on a job to its end.</summary>
    public void Run(Job job)
    {
        if (job.Request.Analysis != JobRequest.WholeLine)
        {
            job.AddRun(_requests.Run(job.Request, target: null, new Reporter(job), job.Cancellation).Manifest.Id);
            return;
        }

        var result = _requests.RunLine(job.Request, new Reporter(job), job.Cancellation);
        foreach (var run in result.Runs)
        {
            job.AddRun(run.Id);
        }

        job.SetReport(result.Report);
    }

    /// <summary>Frees what is kept between jobs.</summary>
    public void Dispose() => _requests.Dispose();

    private sealed class Reporter(Job job) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => job.Report(value);
    }
}
