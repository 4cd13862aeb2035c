using System.Text.Json;
using Interp.Analysis;
using Interp.Analysis.Capacity;
using Interp.Analysis.Circles.Fourier;
using Interp.Analysis.Circles.Planes;
using Interp.Analysis.Entanglement.Internal;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Analyze;

/// <summary>Reads the line's findings out of its stages' results, whether they were run now or found finished.</summary>
internal sealed class FindingsReader(IReadOnlyDictionary<string, RunRecord> runs)
{
    /// <summary>The findings.</summary>
    public AnalyzeFindings Read()
    {
        var keyFrequencies = Result<FourierResult>("circles-fourier")?.KeyFrequencies;
        return new AnalyzeFindings
        {
            KeyFrequencies = keyFrequencies,
            Planes = [.. from plane in Result<PlanesResult>("circles-planes")?.Planes ?? [] where plane.IsCircle select Circle(plane, keyFrequencies ?? [])],
            Capacity = Result<CapacityResult>("capacity") is { } capacity ? new CapacityFinding(capacity.Epsilon, capacity.EpsilonRandom, capacity.Class) : null,
            Entanglement = [.. from profile in Result<EntanglementInternalResult>("entanglement-internal")?.Profiles ?? [] select Entanglement(profile)],
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
        OrdersResidues = plane.Fit.IsOrdered,
    };

    // The boundary is the bond between the last row site and the first column site, counted from 1.
    private static EntanglementFinding Entanglement(EntanglementProfile profile) =>
        new(profile.Name, profile.Entropies[profile.Boundary - 1], profile.NullGaussian[profile.Boundary - 1], profile.Rank);

    private T? Result<T>(string analysis)
        where T : class =>
        runs.TryGetValue(analysis, out var run) ? run.Result.Deserialize<T>(ResultJson.Options) : null;
}
