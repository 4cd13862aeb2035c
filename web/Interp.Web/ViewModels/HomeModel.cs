using Interp.Compute;
using Interp.Workbench.Jobs;
using Interp.Workbench.Workspace;

namespace Interp.Web.ViewModels;

/// <summary>The first page: the models that are here, one act for each of them, and what was done last.</summary>
public sealed class HomeModel(LabWorkspace workspace, JobQueue queue)
{
    private const int RecentCount = 6;

    /// <summary>The models, the shipped ones first.</summary>
    public IReadOnlyList<ModelListing> Models { get; private set; } = [];

    /// <summary>The last runs, whole lines and single ones, without the stages of lines.</summary>
    public IReadOnlyList<RunSummary> Recent { get; private set; } = [];

    /// <summary>Why something could not be read or started, one line; null otherwise.</summary>
    public string? Problem { get; private set; }

    /// <summary>Where runs are kept.</summary>
    public string Folder => workspace.Folder;

    /// <summary>Reads the lists.</summary>
    public void Load()
    {
        Problem = Failure.Of(() =>
        {
            Models = workspace.Models();
            Recent = [.. workspace.Runs().Where(run => run.Line is null).Take(RecentCount)];
        });
    }

    /// <summary>Asks for the whole line on a model.</summary>
    /// <returns>The job, or null when it could not be asked for; <see cref="Problem"/> says why.</returns>
    public Job? RunLine(string model)
    {
        Job? job = null;
        Problem = Failure.Of(() => job = queue.Enqueue(new JobRequest { Analysis = JobRequest.WholeLine, Model = model }));
        return job;
    }
}
