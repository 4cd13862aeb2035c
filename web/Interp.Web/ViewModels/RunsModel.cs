using Interp.Workbench.Workspace;

namespace Interp.Web.ViewModels;

/// <summary>The list of runs: whole lines with their stages, and single runs.</summary>
public sealed class RunsModel(LabWorkspace workspace)
{
    /// <summary>A run that stands by itself, and its stages if it is a whole line.</summary>
    public sealed record Group(RunSummary Run, IReadOnlyList<RunSummary> Stages);

    /// <summary>The groups, the newest first.</summary>
    public IReadOnlyList<Group> Groups { get; private set; } = [];

    /// <summary>Why the list could not be read, one line; null otherwise.</summary>
    public string? Problem { get; private set; }

    /// <summary>Where the runs are.</summary>
    public string Folder => workspace.Store.Folder;

    /// <summary>Reads the list.</summary>
    /// <param name="words">Words that a run's title, analysis or model must all contain; empty for all runs.</param>
    public void Load(string words = "") => Problem = Failure.Of(() =>
    {
        var runs = workspace.Runs();
        var stages = runs.Where(run => run.Line is not null).ToLookup(run => run.Line!, StringComparer.Ordinal);
        var ids = runs.Select(run => run.Id).ToHashSet(StringComparer.Ordinal);
        var wanted = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // The stages of a line that is gone, or not finished yet, stand by themselves.
        Groups =
        [
            .. from run in runs
               where run.Line is null || !ids.Contains(run.Line)
               let @group = new Group(run, [.. stages[run.Id].OrderBy(stage => stage.StartedUtc).ThenBy(stage => stage.Id, StringComparer.Ordinal)])
               where Array.TrueForAll(wanted, word => Matches(run, word) || @group.Stages.Any(stage => Matches(stage, word)))
               select @group,
        ];
    });

    /// <summary>Deletes a run, and the stages of a whole line with it.</summary>
    public void Delete(Group group)
    {
        ArgumentNullException.ThrowIfNull(group);
        Problem = Failure.Of(() =>
        {
            foreach (var run in group.Stages.Append(group.Run))
            {
                workspace.DeleteRun(run.Id);
            }
        });
    }

    private static bool Matches(RunSummary run, string word) =>
        run.Title.Contains(word, StringComparison.OrdinalIgnoreCase)
        || run.Analysis.Contains(word, StringComparison.OrdinalIgnoreCase)
        || run.Id.Contains(word, StringComparison.OrdinalIgnoreCase)
        || (run.Model?.Contains(word, StringComparison.OrdinalIgnoreCase) ?? false);
}
