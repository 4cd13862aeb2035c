namespace Interp.Workbench.Jobs;

/// <summary>Where a job is in its life.</summary>
public enum JobState
{
    /// <summary>Waiting for the jobs before it.</summary>
    Queued,

    /// <summary>Being worked on.</summary>
    Running,

    /// <summary>Finished; its runs are in the workspace.</summary>
    Done,

    /// <summary>Stopped by a failure; <see cref="Job.Error"/> says which.</summary>
    Failed,

    /// <summary>Stopped because someone asked; runs that were whole by then are kept.</summary>
    Cancelled,
}
