using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Geometry;

/// <summary>
/// Diffusion spectral entropy and mutual information from distances, in float64: G = exp(−Δ²/2σ²), K = q^(−½) G q^(−½) with row
/// sums q, p = |λ|ᵗ/Σ|λ|ᵗ. Source of the mathematics: arXiv 2312.04823.
/// </summary>
internal static class DiffusionEntropy
{
    private const int Repeats = 5;
    private const int Permutations = 20;
    private const int SmallestClass = 16;

    /// <summary>The entropy, bits.</summary>
    public static double Bits(Tensor distances, double scale, double time)
    {
        using var scope = NewDisposeScope();
        var kernel = (-(distances / scale).square() / 2).exp();
        var roots = kernel.sum([1L]).sqrt();
        var powers = linalg.eigvalsh(kernel / roots.unsqueeze(0) / roots.unsqueeze(1)).abs().pow(time).ToVector();
        var total = powers.Sum();
        return Math.Max(-powers.Where(power => power > 0).Sum(power => power / total * Math.Log2(power / total)), 0);
    }

    /// <summary>The median distance of different rows.</summary>
    public static double Median(Tensor distances)
    {
        using var scope = NewDisposeScope();
        var n = distances.shape[0];
        var pairs = distances.masked_select(ones(n, n, dtype: ScalarType.Bool).triu(1)).ToVector();
        return NeighbourDimensions.Median(pairs);
    }

    /// <summary>
    /// Σ n_i/n (mean entropy of random subsets of size n_i − entropy of class i), bits, with the mean and deviation of the same under
    /// permuted labels. Classes below 16 rows are left out; null where fewer than two are left.
    /// </summary>
    public static (double Bits, double NullMean, double NullDeviation)? MutualInformation(
        Tensor distances, IReadOnlyList<int> labels, double scale, double time, long seed, CancellationToken cancellation)
    {
        var classes = labels.Select((label, row) => (label, row)).GroupBy(pair => pair.label, pair => (long)pair.row)
            .Where(group => group.Count() >= SmallestClass).Select(group => group.ToArray()).ToArray();
        if (classes.Length < 2) // One class is all rows: nothing to tell apart.
        {
            return null;
        }

        var rows = classes.SelectMany(members => members).ToArray();
        var random = classes.Select((members, number) => Enumerable.Range(0, Repeats)
            .Average(repeat => Subset(distances, Draw(rows, members.Length, seed, $"class {number}, repeat {repeat}"), scale, time, cancellation))).ToArray();
        double Information(IReadOnlyList<long[]> parts) => parts
            .Select((members, number) => (double)members.Length / rows.Length * (random[number] - Subset(distances, members, scale, time, cancellation))).Sum();

        var permuted = Enumerable.Range(0, Permutations).Select(permutation =>
        {
            var order = Draw(rows, rows.Length, seed, $"permutation {permutation}");
            var start = 0;
            return Information([.. classes.Select(members => order[start..(start += members.Length)])]);
        }).ToArray();
        var mean = permuted.Average();
        return (Information(classes), mean, Math.Sqrt(permuted.Average(value => (value - mean) * (value - mean))));
    }

    private static long[] Draw(long[] rows, int count, long seed, string purpose) =>
        [.. SplitMix64.ForStream(seed, purpose).Permutation(rows.Length).Take(count).Select(place => rows[place])];

    private static double Subset(Tensor distances, long[] members, double scale, double time, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var places = tensor(members);
        return Bits(distances.index_select(0, places).index_select(1, places), scale, time);
    }
}
