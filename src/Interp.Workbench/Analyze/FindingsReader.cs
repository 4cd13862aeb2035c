using System.Text.Json;
using Interp.Analysis;
using Interp.Analysis.Atoms.Evaluation;
using Interp.Analysis.Capacity;
using Interp.Analysis.Circles.Find;
using Interp.Analysis.Circles.Fourier;
using Interp.Analysis.Circles.Planes;
using Interp.Analysis.Entanglement.Attention;
using Interp.Analysis.Entanglement.Internal;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Analyze;

/// <summary>Reads the line's findings out of its stages' results, whether they were run now or found finished.</summary>
internal sealed class FindingsReader(IReadOnlyDictionary<string, RunRecord> runs)
{
    // The same demands on planes of a dictionary's clusters as on those of labelled points.
    private static readonly PlanesOptions s_thresholds = new();

    /// <summary>The findings.</summary>
    public AnalyzeFindings Read()
    {
        var fourier = Result<FourierResult>("circles-fourier");
        var keyFrequencies = fourier?.KeyFrequencies;
        var planes = Result<PlanesResult>("circles-planes")?.Planes ?? [];
        var found = Result<FindResult>("circles-find");
        return new AnalyzeFindings
        {
            KeyFrequencies = keyFrequencies,
            DecoyFrequencies = fourier?.DecoyFrequencies,
            Planes = [.. planes.Where(plane => plane.IsCircle).Select(plane => Circle(plane, keyFrequencies ?? [])), .. SaeCircles(found, keyFrequencies ?? [])],
            Dictionary = Result<AtomsEvalResult>("atoms-eval") is { } atoms ? Dictionary(atoms) : null,
            SaeClusters = found is null ? null : Clusters(found),
            Capacity = Result<CapacityResult>("capacity") is { } capacity ? new CapacityFinding(capacity.Epsilon, capacity.EpsilonRandom, capacity.Class) : null,
            Entanglement = [.. from profile in Result<EntanglementInternalResult>("entanglement-internal")?.Profiles ?? [] select Entanglement(profile)],
            Attention = Result<EntanglementAttentionResult>("entanglement-attention") is { Profiles.Count: > 0 } attention ? Attention(attention) : null,
        };
    }

    private static CircularPlane Circle(PlaneReport plane, int[] keyFrequencies) => new()
    {
        Route = plane.Kind == PlaneKind.Frequency ? "fourier" : "pca",
        Plane = plane.Kind == PlaneKind.Frequency
            ? $"{plane.Cloud}: plane of frequency {plane.Fit.Frequency}"
            : $"{plane.Cloud}: components {string.Join(" and ", plane.Components)}",
        Frequency = plane.Fit.Frequency,
        IsKeyFrequency = keyFrequencies.Contains(plane.Fit.Frequency),
        SeparabilityBits = plane.SeparabilityBits,
        ShuffledBits = plane.NullQuantile95Bits,
        Mixture = plane.Mixture,
        Points = plane.Points,
        OrdersResidues = plane.Fit.OrdersResidues,
    };

    private static IEnumerable<CircularPlane> SaeCircles(FindResult? found, int[] keyFrequencies) =>
        from cluster in found?.Clusters ?? []
        from plane in cluster.Planes
        where plane.SeparabilityBits >= s_thresholds.MinimumSeparability && plane.Mixture <= s_thresholds.MaximumMixture
            && plane.Fit is { } fit && fit.AngleCorrelation >= s_thresholds.MinimumAngleCorrelation
        select new CircularPlane
        {
            Route = "sae",
            Plane = $"cluster {cluster.Id} of {cluster.Latents.Length} latents: components {string.Join(" and ", plane.Components)}",
            Frequency = plane.Fit!.Frequency,
            IsKeyFrequency = keyFrequencies.Contains(plane.Fit.Frequency),
            SeparabilityBits = plane.SeparabilityBits,
            Mixture = plane.Mixture,
            Points = cluster.Tokens,
            OrdersResidues = plane.Fit.OrdersResidues,
        };

    private static DictionaryFinding Dictionary(AtomsEvalResult atoms) => new()
    {
        Latents = atoms.Width,
        AliveFraction = atoms.AliveFraction,
        L0 = atoms.L0,
        HeldOutExplainedVariance = atoms.HeldOutExplainedVariance,
        ExplainedVariance = atoms.ExplainedVariance,
        ShuffledCodesExplainedVariance = atoms.ShuffledCodesExplainedVariance,
        SingleSampleFraction = atoms.SingleSampleFraction,
        LossRecovered = atoms.CrossEntropy?.Recovered,
    };

    private static SaeClusterFinding Clusters(FindResult found) => new(
        found.JudgedClusters,
        found.Clusters.Length > 0 ? found.Clusters[0].Score : null,
        found.Clusters.Length > 0 ? found.Clusters[0].Latents : [],
        found.ControlMean,
        found.ControlQuantile95,
        found.ClustersAboveControl);

    private static AttentionFinding Attention(EntanglementAttentionResult attention) => new(
        attention.Profiles.Count,
        attention.SinkShare,
        attention.Profiles.Average(profile => profile.Entropies[profile.Boundary - 1]));

    // The boundary is the bond between the last row site and the first column site, counted from 1.
    private static EntanglementFinding Entanglement(EntanglementProfile profile) =>
        new(profile.Name, profile.Entropies[profile.Boundary - 1], profile.NullGaussian[profile.Boundary - 1], profile.Rank);

    private T? Result<T>(string analysis)
        where T : class =>
        runs.TryGetValue(analysis, out var run) ? run.Result.Deserialize<T>(ResultJson.Options) : null;
}
