using Interp.Analysis.Circles.Planes;
using Interp.Analysis.Circles.Probe;
using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Find;

/// <summary>Reads from a cluster's planes whether they lay the words of a cycle out on a circle.</summary>
internal static class CycleReader
{
    /// <summary>Tokens that each word needs for its mean point to count.</summary>
    private const int FewestTokens = 10;

    private const double CircleR2 = 0.8;
    private const int Draws = 999;

    /// <summary>The fits of one plane, of each cycle whose words are all among the tokens.</summary>
    /// <param name="cycles">The cycles.</param>
    /// <param name="tokens">The token of each point.</param>
    /// <param name="x">First coordinates.</param>
    /// <param name="y">Second coordinates.</param>
    /// <param name="plane">The plane's orthonormal rows in coordinates of the cluster's span, <c>[2, r]</c>.</param>
    /// <param name="basis">The span's orthonormal rows <c>[r, d]</c>.</param>
    public static CycleFit[] Read(IReadOnlyList<TokenCycle> cycles, int[] tokens, double[] x, double[] y, Tensor plane, Tensor basis)
    {
        var fits = new List<CycleFit>();
        foreach (var cycle in cycles)
        {
            var words = Words(cycle, tokens);
            var labels = Labels(cycle, tokens, words);
            var fewest = Fewest(labels, cycle.Period);
            if (fewest < FewestTokens)
            {
                continue;
            }

            var fit = FrequencyReader.Read([.. words.Select(i => x[i])], [.. words.Select(i => y[i])], labels, cycle.Period);
            fits.Add(new CycleFit
            {
                Cycle = cycle.Name,
                Points = words.Length,
                FewestPoints = fewest,
                Fit = fit,
                IsCircle = fit.IsOrdered && fit.R2 >= CircleR2 && new CircleTargets(cycle.Period, []).SeparatesLabels(fit.Frequency),
                ProbeOverlap = ProbeCoordinates(cycle, fit.Frequency, basis) is { } probe ? Overlap(plane, probe) : null,
            });
        }

        return [.. fits];
    }

    /// <summary>Where a cycle is first found in the ranking.</summary>
    /// <param name="cycle">The cycle.</param>
    /// <param name="ranked">The planes of all judged clusters, best cluster first.</param>
    /// <param name="controls">The planes of all judged random sets.</param>
    public static FoundCycle Find(TokenCycle cycle, IReadOnlyList<(int Id, FoundPlane[] Planes)> ranked, IEnumerable<FoundPlane[]> controls)
    {
        FoundPlane? Circle(FoundPlane[] planes) => planes.Where(plane => Fit(plane)?.IsCircle == true).MaxBy(plane => Fit(plane)!.Fit.R2);
        CycleFit? Fit(FoundPlane plane) => plane.Cycles.FirstOrDefault(fit => fit.Cycle == cycle.Name);
        int[] ranks = [.. Enumerable.Range(0, ranked.Count).Where(rank => Circle(ranked[rank].Planes) is not null)];
        var found = new FoundCycle
        {
            Cycle = cycle.Name,
            Period = cycle.Period,
            Ranks = [.. ranks.Select(rank => rank + 1)],
            ControlSets = controls.Count(planes => Circle(planes) is not null),
        };
        if (ranks.Length == 0)
        {
            return found;
        }

        var plane = Circle(ranked[ranks[0]].Planes)!;
        return found with
        {
            Rank = ranks[0] + 1,
            Cluster = ranked[ranks[0]].Id,
            Components = plane.Components,
            Fit = Fit(plane)!.Fit,
            ProbeOverlap = Fit(plane)!.ProbeOverlap,
        };
    }

    /// <summary>The share of random assignments of words to places whose best harmonic the plane explains at least as well; the true one counts as one of them.</summary>
    public static double PValue(TokenCycle cycle, int[] tokens, double[] x, double[] y, long seed)
    {
        var words = Words(cycle, tokens);
        var labels = Labels(cycle, tokens, words);

        // Words differ by more than their own scatter, so whole words change places, not tokens.
        var (meanX, meanY) = FrequencyReader.Centroids([.. words.Select(i => x[i])], [.. words.Select(i => y[i])], labels, cycle.Period);
        var random = SplitMix64.ForStream(seed, $"places of {cycle.Name}");
        double Best(int[] places) => FrequencyReader.Read(meanX, meanY, places, cycle.Period).R2;
        var observed = Best([.. Enumerable.Range(0, cycle.Period)]);
        return (1.0 + Enumerable.Range(0, Draws).Count(_ => Best(random.Permutation(cycle.Period)) >= observed - 1e-12)) / (Draws + 1);
    }

    /// <summary>The 95th percentile of the overlap of the probe's plane with planes drawn at random in the cluster's span; null without a probe.</summary>
    public static double? RandomOverlap(TokenCycle cycle, int harmonic, Tensor basis, long seed)
    {
        using var scope = NewDisposeScope();
        if (ProbeCoordinates(cycle, harmonic, basis) is not { } probe)
        {
            return null;
        }

        var random = SplitMix64.ForStream(seed, $"planes beside {cycle.Name}");
        var size = (int)basis.shape[0];
        var overlaps = new double[Draws];
        for (var draw = 0; draw < Draws; draw++)
        {
            using var inner = NewDisposeScope();
            var normals = tensor(Enumerable.Range(0, 2 * size).Select(_ => random.NextNormal()).ToArray(), size, 2);
            overlaps[draw] = Overlap(linalg.qr(normals).Q.t(), probe);
        }

        Array.Sort(overlaps);
        return overlaps[(int)Math.Ceiling(0.95 * Draws) - 1];
    }

    /// <summary>The angle of each token that is a word of a cycle which the planes were fitted to; empty where they were fitted to none.</summary>
    public static double?[] Angles(IReadOnlyList<TokenCycle> cycles, FoundPlane[] planes, int[] tokens)
    {
        var held = cycles.Where(cycle => planes.Any(plane => plane.Cycles.Any(fit => fit.Cycle == cycle.Name))).ToArray();
        double? Angle(int token) => held.FirstOrDefault(cycle => cycle.Labels.ContainsKey(token)) is { } cycle
            ? FrequencyReader.Angle(1, cycle.Labels[token], cycle.Period)
            : null;
        return held.Length == 0 ? [] : Array.ConvertAll(tokens, Angle);
    }

    /// <summary>The share of a cluster's tokens that are words of a cycle.</summary>
    public static double Share(TokenCycle cycle, int[] tokens) => Words(cycle, tokens).Length / (double)tokens.Length;

    private static int[] Words(TokenCycle cycle, int[] tokens) => [.. Enumerable.Range(0, tokens.Length).Where(i => cycle.Labels.ContainsKey(tokens[i]))];

    private static int[] Labels(TokenCycle cycle, int[] tokens, int[] words) => [.. words.Select(i => cycle.Labels[tokens[i]])];

    private static int Fewest(int[] labels, int period)
    {
        var counts = new int[period];
        foreach (var label in labels)
        {
            counts[label]++;
        }

        return counts.Min();
    }

    // The probe's plane in coordinates of the span: what lies outside it is lost, and lowers the overlap.
    private static Tensor? ProbeCoordinates(TokenCycle cycle, int harmonic, Tensor basis) =>
        harmonic > cycle.ProbePlanes.Count ? null : cycle.ProbePlanes[harmonic - 1].ToTensor().matmul(basis.t());

    private static double Overlap(Tensor plane, Tensor probe) => plane.matmul(probe.t()).square().sum().ToDouble() / 2;
}
