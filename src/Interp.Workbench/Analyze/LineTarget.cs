using Interp.Workbench.Workspace;

namespace Interp.Workbench.Analyze;

/// <summary>Where the runs of a whole line and its report go, and which finished runs may stand for its stages.</summary>
/// <param name="store">The folder of run folders.</param>
/// <param name="isOwn">Whether the store is this line's own, with a folder a stage and the report on top; else it is a workspace's.</param>
internal sealed class LineTarget(RunStore store, bool isOwn)
{
    /// <summary>The folder of run folders.</summary>
    public RunStore Store { get; } = store;

    /// <summary>A folder of the line's own.</summary>
    public static LineTarget Own(string folder) => new(RunStore.Open(folder), isOwn: true);

    /// <summary>The workspace, where each run has a name made of its time.</summary>
    public static LineTarget In(Workspace.Workspace workspace) => new(workspace.Store, isOwn: false);

    /// <summary>The fixed id of a run of this line, or null where ids are made of the time.</summary>
    /// <exception cref="Compute.InterpException">Something that is no run has that name.</exception>
    public string? IdFor(string analysis) => isOwn ? RunTarget.AtFolder(Path.Combine(Store.Folder, analysis)).Id : null;

    /// <summary>Where the report is written, given the folder in which the line's run is being written.</summary>
    public string ReportWrittenTo(string lineFolder) => Path.Combine(isOwn ? Store.Folder : lineFolder, RunFiles.Report);

    /// <summary>Where the report is found when the line's run is whole.</summary>
    public string ReportFoundAt(RunRecord line) => Path.Combine(isOwn ? Store.Folder : line.Folder, RunFiles.Report);

    /// <summary>A finished, undamaged run with a key, or null.</summary>
    public RunRecord? Find(string analysis, string key)
    {
        foreach (var id in isOwn ? [analysis] : Store.Ids.Reverse())
        {
            var folder = Path.Combine(Store.Folder, id);
            if (RunRecord.IsRunFolder(folder) && RunRecord.ReadManifest(folder, []) is { } manifest
                && manifest.Analysis == analysis && manifest.Key == key && RunRecord.Open(folder) is { Problems.Count: 0 } run)
            {
                return run;
            }
        }

        return null;
    }
}
