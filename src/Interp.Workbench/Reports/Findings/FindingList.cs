using System.Text.Json;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Reports.Findings;

/// <summary>Puts results into words, for the analyses whose keys have agreed meanings; other runs have none.</summary>
public static class FindingList
{
    private static readonly Dictionary<string, Func<ResultReader, IEnumerable<Finding>>> s_words = new(StringComparer.Ordinal)
    {
        ["capacity"] = CapacityFindings.Of,
        ["geometry"] = GeometryFindings.Of,
        ["geometry-objective"] = GeometryFindings.OfObjective,
        ["memories"] = MemoriesFindings.Of,
        ["circles-fourier"] = FourierFindings.Of,
        ["circles-indices"] = IndicesFindings.Of,
        ["circles-grokking"] = GrokkingFindings.Of,
        ["circles-planes"] = PlanesFindings.Of,
        ["circles-find"] = ClusterFindings.Of,
        ["circles-probe"] = ProbeFindings.Of,
        ["circles-helix"] = HelixFindings.Of,
        ["circles-homology"] = HomologyFindings.Of,
        ["heads"] = LensFindings.OfHeads,
        ["lens-tune"] = LensFindings.OfTunedLens,
        ["atoms"] = AtomsFindings.Of,
        ["atoms-eval"] = AtomsFindings.Of,
        ["atoms-recovery"] = AtomsFindings.OfRecovery,
        ["atoms-stability"] = AtomsFindings.OfStability,
        ["entanglement-internal"] = EntanglementFindings.Of,
        ["entanglement-attention"] = EntanglementFindings.Of,
        ["entanglement-no-hair"] = NoHairFindings.Of,
    };

    // What a model was shown to do comes before what its space looks like.
    private static readonly string[] s_order = ["circles-fourier", "circles-probe", "circles-planes", "circles-find", "circles-indices", "atoms", "atoms-eval", "capacity"];

    /// <summary>What runs found, what says most about the model first. What another says with more to it is left out.</summary>
    public static IReadOnlyList<(RunRecord Run, Finding Finding)> Of(IEnumerable<RunRecord> runs)
    {
        (RunRecord Run, Finding Finding)[] all =
            [.. runs.OrderBy(run => (uint)Array.IndexOf(s_order, run.Manifest.Analysis)).SelectMany(run => Of(run).Select(finding => (run, finding)))];
        return [.. all.Where(one => !Array.Exists(all, other => other.Finding.Text.Length > one.Finding.Text.Length && other.Finding.Text.StartsWith(one.Finding.Text, StringComparison.Ordinal)))];
    }

    /// <summary>What a run found; empty where its analysis is unknown or its numbers are missing.</summary>
    public static IReadOnlyList<Finding> Of(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Result.ValueKind == JsonValueKind.Object && s_words.TryGetValue(run.Manifest.Analysis, out var words)
            ? [.. words(new ResultReader(run.Result))]
            : [];
    }
}
