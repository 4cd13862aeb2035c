using Interp.Workbench.Jobs;

namespace Interp.Web.Components.Controls;

/// <summary>The jobs that wait or run; nothing when there are none.</summary>
public partial class ActiveJobs
{
    private List<Job> Unfinished => [.. Model.Jobs.Where(job => !job.IsFinished)];
}
