using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement;

/// <summary>Entropies of matrices with given singular values and random (Haar) singular vectors, in nats.</summary>
/// <param name="Mean">The mean over draws, a value a cut.</param>
/// <param name="Low">The smallest of the draws.</param>
/// <param name="High">The largest of the draws.</param>
public sealed record SurrogateProfiles(double[] Mean, double[] Low, double[] High)
{
    /// <summary>Draws surrogates. A cut left of the boundary sees U Σ only, one right of it Σ Vᵀ, so the product is never formed.</summary>
    /// <param name="singularValues">The singular values, at most min(m, n) of them, not all zero.</param>
    /// <param name="chain">The sites of m × n, rows then columns.</param>
    /// <param name="draws">How many.</param>
    /// <param name="seed">Of the singular vectors.</param>
    /// <param name="cancellation">Stops between cuts.</param>
    internal static SurrogateProfiles Draw(double[] singularValues, SiteChain chain, int draws, long seed, CancellationToken cancellation = default)
    {
        var random = SplitMix64.ForStream(seed, "surrogate singular vectors");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var sigma = tensor(singularValues);
        var collector = new EntropyCollector(draws, chain.CutCount);
        var rows = Orthonormal(draws, chain.Rows, singularValues.Length, random) * sigma; // U Σ, [draw, m, k]
        int[] rowSites = [.. chain.Sites[..chain.Boundary], singularValues.Length];
        SchmidtSpectra.ByDensityMatrices(rows.flatten(1), rowSites, collector.Add, cancellation);
        var columns = (Orthonormal(draws, chain.Columns, singularValues.Length, random) * sigma).transpose(1, 2); // Σ Vᵀ, [draw, k, n]
        int[] columnSites = [singularValues.Length, .. chain.Sites[chain.Boundary..]];
        SchmidtSpectra.ByDensityMatrices(columns.flatten(1), columnSites, (cut, weights) => collector.Add(chain.Boundary + cut - 1, weights), cancellation);
        var profiles = collector.Profiles();
        return new SurrogateProfiles(
            PerCut(profiles, values => values.Average()), PerCut(profiles, values => values.Min()), PerCut(profiles, values => values.Max()));
    }

    /// <summary>Haar-random orthonormal columns: Q of Gaussian matrices with the signs of R's diagonal taken out.</summary>
    private static Tensor Orthonormal(int count, int rows, int columns, SplitMix64 random)
    {
        using var scope = NewDisposeScope();
        var numbers = new double[count * rows * columns];
        foreach (ref var number in numbers.AsSpan())
        {
            number = random.NextNormal();
        }

        var (q, r) = linalg.qr(tensor(numbers, [count, rows, columns]));
        return (q * r.diagonal(0, 1, 2).sign().unsqueeze(1)).MoveToOuterDisposeScope();
    }

    private static double[] PerCut(EntropyProfile[] profiles, Func<IEnumerable<double>, double> reduce) =>
        [.. Enumerable.Range(0, profiles[0].Entropies.Length).Select(cut => reduce(profiles.Select(profile => profile.Entropies[cut])))];
}
