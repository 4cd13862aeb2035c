using Interp.Workbench.Jobs;

namespace Interp.Web.ViewModels;

/// <summary>The queue as pages show it.</summary>
public sealed class JobsModel(JobQueue queue)
{
    /// <summary>The jobs of this session of the program, the newest first.</summary>
    public IReadOnlyList<Job> Jobs => [.. queue.Jobs.Reverse()];

    /// <summary>How many are waiting or running.</summary>
    public int ActiveCount => queue.Jobs.Count(job => !job.IsFinished);

    /// <summary>The job with an id, or null.</summary>
    public Job? Find(string id) => queue.Find(id);

    /// <summary>Asks for the end of a job.</summary>
    public void Cancel(string id) => queue.Cancel(id);
}
