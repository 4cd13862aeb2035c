using System.Collections.Concurrent;
using Interp.Compute;
using Interp.Workbench.Jobs;

namespace Interp.Workbench.Tests.Jobs;

public sealed class JobQueueTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly ConcurrentDictionary<string, Action<Job>> _bodies = new();
    private readonly JobQueue _queue;

    public JobQueueTests() =>
        _queue = new JobQueue(job => _bodies[job.Request.Analysis](job), request => request.Analysis.ToUpperInvariant(), _time);

    private static CancellationToken Deadline => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    [Fact]
    public async Task Jobs_run_one_at_a_time_in_the_order_in_which_they_came()
    {
        var order = new ConcurrentQueue<string>();
        var running = 0;
        for (var i = 0; i < 5; i++)
        {
            _bodies[$"j{i}"] = job =>
            {
                Assert.Equal(1, Interlocked.Increment(ref running));
                order.Enqueue(job.Request.Analysis);
                Interlocked.Decrement(ref running);
            };
        }

        var jobs = Enumerable.Range(0, 5).Select(i => Enqueue($"j{i}")).ToArray();
        await Finished(jobs);

        Assert.Equal(["j0", "j1", "j2", "j3", "j4"], order);
        Assert.All(jobs, job => Assert.Equal(JobState.Done, job.State));
        Assert.Equal(jobs, _queue.Jobs);
        Assert.Equal(5, jobs.Select(job => job.Id).Distinct().Count());
        Assert.Same(jobs[3], _queue.Find(jobs[3].Id));
        Assert.Equal(("J0", 1.0), (jobs[0].Title, jobs[0].FractionOfWhole));
    }

    [Fact]
    public async Task A_failure_is_one_line_and_the_queue_goes_on()
    {
        _bodies["clear"] = _ => throw new InterpException("the file is cut short: copy it again");
        _bodies["unexpected"] = _ => throw new InvalidOperationException("first line\nsecond line");
        _bodies["stray cancel"] = _ => throw new OperationCanceledException("nobody asked");
        _bodies["good"] = _ => { };

        var jobs = new[] { Enqueue("clear"), Enqueue("unexpected"), Enqueue("stray cancel"), Enqueue("good") };
        await Finished(jobs);

        Assert.Equal([JobState.Failed, JobState.Failed, JobState.Failed, JobState.Done], jobs.Select(job => job.State));
        Assert.Equal(("the file is cut short: copy it again", null), (jobs[0].Error, jobs[0].ErrorDetails));
        Assert.Equal("unexpected failure: first line", jobs[1].Error);
        Assert.Contains(nameof(InvalidOperationException), jobs[1].ErrorDetails, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_is_coalesced_to_one_notice_a_tick()
    {
        using var reported = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        _bodies["busy"] = job =>
        {
            for (var i = 1; i <= 1000; i++)
            {
                job.Report(new StepProgress("count", i, 1000, "steps") { Whole = i / 2000.0 });
            }

            reported.Set();
            release.Wait(Deadline);
        };
        var notices = new ConcurrentQueue<(JobState State, long? Done)>();
        _queue.Changed += job => notices.Enqueue((job.State, job.Progress?.Done));

        var job = Enqueue("busy");
        reported.Wait(Deadline);
        _time.Tick();
        _time.Tick();
        Assert.Equal(0.5, job.FractionOfWhole);
        release.Set();
        await Finished(job);
        await Until(() => notices.Count == 4);

        Assert.Equal([(JobState.Queued, null), (JobState.Running, null), (JobState.Running, 1000L), (JobState.Done, 1000L)], notices);
    }

    [Fact]
    public async Task A_running_job_stops_when_it_is_cancelled_and_the_next_one_runs()
    {
        using var started = new ManualResetEventSlim();
        _bodies["long"] = job =>
        {
            job.AddRun("kept");
            started.Set();
            job.Cancellation.WaitHandle.WaitOne();
            job.Cancellation.ThrowIfCancellationRequested();
        };
        _bodies["next"] = _ => { };
        var job = Enqueue("long");
        var next = Enqueue("next");
        started.Wait(Deadline);

        _queue.Cancel(job.Id);
        await Finished(job, next);

        Assert.Equal((JobState.Cancelled, JobState.Done), (job.State, next.State));
        Assert.Equal("kept", Assert.Single(job.RunIds));
        Assert.Equal((true, null), (job.IsCancelling, job.Error));
    }

    [Fact]
    public async Task A_waiting_job_that_is_cancelled_never_starts()
    {
        using var release = new ManualResetEventSlim();
        _bodies["first"] = _ => release.Wait(Deadline);
        _bodies["waiting"] = _ => Assert.Fail("it was cancelled");
        var first = Enqueue("first");
        var waiting = Enqueue("waiting");

        _queue.Cancel(waiting.Id);
        Assert.Equal(JobState.Cancelled, waiting.State);
        release.Set();
        await Finished(first);
        _queue.Cancel(first.Id);
        _queue.Cancel("no such job");

        Assert.Equal((JobState.Done, JobState.Cancelled, TimeSpan.Zero), (first.State, waiting.State, waiting.Elapsed));
    }

    [Fact]
    public async Task Times_are_those_of_the_clock()
    {
        using var started = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        _bodies["timed"] = _ =>
        {
            started.Set();
            release.Wait(Deadline);
        };
        var begin = _time.Now;
        var job = Enqueue("timed");
        started.Wait(Deadline);
        _time.Now += TimeSpan.FromSeconds(3);
        Assert.Equal(TimeSpan.FromSeconds(3), job.Elapsed);
        release.Set();
        await Finished(job);
        _time.Now += TimeSpan.FromSeconds(9);

        Assert.Equal((begin, TimeSpan.FromSeconds(3)), (job.StartedUtc, job.Elapsed));
    }

    [Fact]
    public async Task Closing_cancels_everything_and_waits_for_the_worker()
    {
        using var started = new ManualResetEventSlim();
        _bodies["long"] = job =>
        {
            started.Set();
            job.Cancellation.WaitHandle.WaitOne();
            job.Cancellation.ThrowIfCancellationRequested();
        };
        var running = Enqueue("long");
        var waiting = Enqueue("long");
        started.Wait(Deadline);

        await _queue.DisposeAsync();
        await _queue.DisposeAsync();

        Assert.Equal((JobState.Cancelled, JobState.Cancelled), (running.State, waiting.State));
        Assert.Throws<ObjectDisposedException>(() => Enqueue("long"));
    }

    private static Task Finished(params Job[] jobs) => Until(() => Array.TrueForAll(jobs, job => job.IsFinished));

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), Deadline);
        }
    }

    private Job Enqueue(string name) => _queue.Enqueue(new JobRequest { Analysis = name });
}
