using System.Diagnostics.CodeAnalysis;
using Interp.Compute;

namespace Interp.Workbench.Jobs;

/// <summary>
/// One request on its way through the queue. Its members change while it is worked on and may be read from any thread; each
/// of them is consistent in itself.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer or a wait handle holds nothing to free, and pages cancel whenever they like.")]
public sealed class Job
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _cancellation = new();
    private volatile Snapshot _now = new();
    private int _isChanged;

    internal Job(string id, string title, JobRequest request, TimeProvider time)
    {
        Id = id;
        Title = title;
        Request = request;
        _time = time;
    }

    /// <summary>A name for links, unique in its queue.</summary>
    public string Id { get; }

    /// <summary>The heading.</summary>
    public string Title { get; }

    /// <summary>What was asked.</summary>
    public JobRequest Request { get; }

    /// <summary>Where it is in its life.</summary>
    public JobState State => _now.State;

    /// <summary>Whether it will not change any more.</summary>
    public bool IsFinished => State is JobState.Done or JobState.Failed or JobState.Cancelled;

    /// <summary>Whether someone asked for its end.</summary>
    public bool IsCancelling => _cancellation.IsCancellationRequested;

    /// <summary>The last step reported, or null before the first.</summary>
    public StepProgress? Progress => _now.Progress;

    /// <summary>The finished share of the whole, 0–1; of the present stage where the whole is not known; null where neither is.</summary>
    public double? FractionOfWhole => _now is { State: JobState.Done } ? 1 : _now.Progress is { } step ? step.Whole ?? step.Fraction : null;

    /// <summary>Why it failed, one line; null otherwise.</summary>
    public string? Error => _now.Error;

    /// <summary>The unexpected failure in full, for whoever mends the program; null otherwise.</summary>
    public string? ErrorDetails => _now.ErrorDetails;

    /// <summary>The runs that it has written so far.</summary>
    public IReadOnlyList<string> RunIds => _now.RunIds;

    /// <summary>The report that it has written, or null.</summary>
    public string? ReportPath => _now.ReportPath;

    /// <summary>When it started, or null while it waits.</summary>
    public DateTimeOffset? StartedUtc => _now.StartedUtc;

    /// <summary>How long it has run, or ran.</summary>
    public TimeSpan Elapsed => _now is { StartedUtc: { } started } now ? (now.EndedUtc ?? _time.GetUtcNow()) - started : TimeSpan.Zero;

    internal CancellationToken Cancellation => _cancellation.Token;

    internal void Cancel() => _cancellation.Cancel();

    internal void Report(StepProgress progress) => Update(now => now with { Progress = progress });

    internal void AddRun(string id) => Update(now => now with { RunIds = [.. now.RunIds, id] });

    internal void SetReport(string path) => Update(now => now with { ReportPath = path });

    internal void Start() => Update(now => now with { State = JobState.Running, StartedUtc = _time.GetUtcNow() });

    internal void Finish(JobState state, string? error = null, string? details = null) =>
        Update(now => now with { State = state, Error = error, ErrorDetails = details, EndedUtc = _time.GetUtcNow() });

    /// <summary>Whether something changed since the last call.</summary>
    internal bool TakeChange() => Interlocked.Exchange(ref _isChanged, 0) == 1;

    private void Update(Func<Snapshot, Snapshot> change)
    {
        // Written by the worker alone, but for the cancelling of a job that no worker has yet.
        _now = change(_now);
        Interlocked.Exchange(ref _isChanged, 1);
    }

    private sealed record Snapshot
    {
        public JobState State { get; init; }

        public StepProgress? Progress { get; init; }

        public string? Error { get; init; }

        public string? ErrorDetails { get; init; }

        public IReadOnlyList<string> RunIds { get; init; } = [];

        public string? ReportPath { get; init; }

        public DateTimeOffset? StartedUtc { get; init; }

        public DateTimeOffset? EndedUtc { get; init; }
    }
}
