using System.Globalization;
using Interp.Analysis;
using Interp.Compute;

namespace Interp.Workbench.Jobs;

/// <summary>
/// Works on requests one at a time, in the order in which they came, on a thread of its own. A failing job leaves the queue
/// usable. Members may be called from any thread.
/// </summary>
public sealed class JobQueue : IAsyncDisposable
{
    private static readonly TimeSpan s_notifyEvery = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly List<Job> _jobs = [];
    private readonly Queue<Job> _waiting = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Action<Job> _body;
    private readonly Func<JobRequest, string> _title;
    private readonly IDisposable? _owned;
    private readonly TimeProvider _time;
    private readonly Task _worker;
    private Job? _running;

    /// <summary>Starts an empty queue over a workspace, which stays the caller's.</summary>
    public JobQueue(Workspace.Workspace workspace) : this(new JobRunner(workspace, AnalysisCatalogue.All))
    {
    }

    private JobQueue(JobRunner runner) : this(runner.Run, runner.TitleOf, TimeProvider.System, runner)
    {
    }

    internal JobQueue(Action<Job> body, Func<JobRequest, string> title, TimeProvider time, IDisposable? owned = null)
    {
        _body = body;
        _title = title;
        _time = time;
        _owned = owned;
        _worker = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>
    /// Raised after a job changed: at once when its state did, at most four times a second for progress. On a thread of the
    /// queue; handlers must be quick and must not throw.
    /// </summary>
    public event Action<Job>? Changed;

    /// <summary>All jobs since the queue was started, in the order in which they came.</summary>
    public IReadOnlyList<Job> Jobs
    {
        get
        {
            lock (_gate)
            {
                return [.. _jobs];
            }
        }
    }

    /// <summary>Puts a request at the end of the queue.</summary>
    /// <exception cref="InterpException">There is no such analysis.</exception>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public Job Enqueue(JobRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var title = _title(request);
        Job job;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
            var id = $"{_time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-job-{_jobs.Count + 1}";
            job = new Job(id, title, request, _time);
            _jobs.Add(job);
            _waiting.Enqueue(job);
        }

        Notify(job);
        _arrived.Release();
        return job;
    }

    /// <summary>The job with an id, or null.</summary>
    public Job? Find(string id)
    {
        lock (_gate)
        {
            return _jobs.Find(job => job.Id == id);
        }
    }

    /// <summary>Asks for the end of a job: at once while it waits, within a second while it runs. Finished jobs and unknown ids are left alone.</summary>
    public void Cancel(string id)
    {
        Job? job;
        lock (_gate)
        {
            job = _jobs.Find(j => j.Id == id);
            if (job is null || job.IsFinished)
            {
                return;
            }

            if (job.State == JobState.Queued)
            {
                job.Finish(JobState.Cancelled);
            }
        }

        job.Cancel();
        Notify(job);
    }

    /// <summary>Cancels what runs and what waits, and returns when the worker has stopped and its model is freed.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closing.IsCancellationRequested)
            {
                return;
            }

            _closing.Cancel();
        }

        foreach (var job in Jobs)
        {
            Cancel(job.Id);
        }

        _arrived.Release();
        await _worker.ConfigureAwait(false);
        _owned?.Dispose();
        _arrived.Dispose();
        _closing.Dispose();
    }

    private void Work()
    {
        while (true)
        {
            _arrived.Wait();
            Job? job = null;
            lock (_gate)
            {
                if (_closing.IsCancellationRequested)
                {
                    return;
                }

                if (_waiting.TryDequeue(out var next) && next.State == JobState.Queued)
                {
                    job = next;
                    job.Start();
                    _running = job;
                }
            }

            if (job is not null)
            {
                Execute(job);
            }
        }
    }

    private void Execute(Job job)
    {
        Notify(job);
        using (_time.CreateTimer(_ => NotifyProgress(), null, s_notifyEvery, s_notifyEvery))
        {
            try
            {
                _body(job);
                job.Finish(JobState.Done);
            }
            catch (OperationCanceledException) when (job.IsCancelling)
            {
                job.Finish(JobState.Cancelled);
            }
            catch (InterpException e)
            {
                job.Finish(JobState.Failed, OneLine(e.Message));
            }
            catch (Exception e)
            {
                // The worker must outlive whatever one job does; the details are kept for whoever mends it.
                job.Finish(JobState.Failed, $"unexpected failure: {OneLine(e.Message)}", e.ToString());
            }
        }

        lock (_gate)
        {
            _running = null;
        }

        Notify(job);
    }

    private static string OneLine(string message)
    {
        var end = message.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? message : message[..end];
    }

    private void NotifyProgress()
    {
        if (_running is { } job && job.TakeChange())
        {
            Changed?.Invoke(job);
        }
    }

    private void Notify(Job job)
    {
        job.TakeChange();
        Changed?.Invoke(job);
    }
}
