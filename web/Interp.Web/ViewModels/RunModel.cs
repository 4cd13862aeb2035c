using Interp.Compute;
using Interp.Workbench.Reports.Findings;
using Interp.Workbench.Workspace;

namespace Interp.Web.ViewModels;

/// <summary>One run's page; a whole line shows its stages one after the other.</summary>
public sealed class RunModel(LabWorkspace workspace, AnalysisList analyses)
{
    /// <summary>The run, or null when there is none.</summary>
    public RunRecord? Run { get; private set; }

    /// <summary>The stages of a whole line, in the order in which they ran; empty for a single run.</summary>
    public IReadOnlyList<RunRecord> Stages { get; private set; } = [];

    /// <summary>What was found, in words, by the run and its stages.</summary>
    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    /// <summary>What may be drawn: the run and its stages, those without figures and numbers left out.</summary>
    public IReadOnlyList<RunRecord> Parts { get; private set; } = [];

    /// <summary>Why it cannot be shown, one line; null otherwise.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads a run.</summary>
    public void Load(string id) => Problem = Failure.Of(() =>
    {
        Run = workspace.OpenRun(id);
        Stages = [.. Run.Manifest.Runs.Where(workspace.Store.Contains).Select(workspace.OpenRun)];
        Parts = [.. Stages, Run];
        Findings = [.. FindingList.Of(Parts).Select(found => found.Finding)];
    });

    /// <summary>The address of the form that would make this run again, with its settings filled in; null where its analysis is not known here.</summary>
    public string? AgainAddress =>
        Run is { Manifest: { } manifest } && analyses.All.Any(choice => choice.Name == manifest.Analysis) ? FormAddress.Of(manifest) : null;

    /// <summary>What a run was made with, as lines.</summary>
    public static IReadOnlyList<(string Name, string Value)> Provenance(RunManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return Workbench.Reports.ProvenanceTable.Lines(manifest);
    }
}
