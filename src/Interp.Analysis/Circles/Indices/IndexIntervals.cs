using Interp.Analysis.Circles.Mixture;
using Interp.Analysis.Circles.Separability;
using Interp.Compute.Statistics;

namespace Interp.Analysis.Circles.Indices;

/// <summary>
/// How far both indices of a plane vary with its points: 95 % intervals of clouds drawn from it with replacement, moved by the draws'
/// own bias so that they lie around the estimate.
/// </summary>
/// <param name="Separability">The interval of S, bits; null without draws.</param>
/// <param name="Mixture">The interval of M, 0–1; null without draws and for the published searches.</param>
internal sealed record IndexIntervals((double Low, double High)? Separability, (double Low, double High)? Mixture)
{
    /// <summary>Directions of the draws' mixture scan: they cannot tell finer ones apart.</summary>
    private const int Directions = 360;

    /// <summary>Draws and measures; the draws run side by side.</summary>
    /// <param name="cloud">The plane.</param>
    /// <param name="separability">Its S.</param>
    /// <param name="mixture">Its M.</param>
    /// <param name="options">Draws, estimators, seed.</param>
    /// <param name="cancellation">Stops between draws and within each.</param>
    public static IndexIntervals Of(PlaneCloud cloud, double separability, double mixture, IndicesOptions options, CancellationToken cancellation)
    {
        var draws = options.BootstrapDraws;
        if (draws == 0)
        {
            return new IndexIntervals(null, null);
        }

        var isExact = options.MixtureEstimator == MixtureEstimator.Exact;
        var (bits, shares) = (new double[draws], new double[draws]);
        Parallel.For(0, draws, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, draw =>
        {
            var random = SplitMix64.ForStream(options.Seed, $"bootstrap draw {draw}");
            var (x, y) = (new double[cloud.Count], new double[cloud.Count]);
            for (var i = 0; i < x.Length; i++)
            {
                var point = random.NextInt(cloud.Count);
                (x[i], y[i]) = (cloud.X[point], cloud.Y[point]);
            }

            var drawn = PlaneCloud.FromColumns(x, y);
            bits[draw] = SeparabilityIndex.Measure(drawn, options.Estimator, cancellation: cancellation).Bits;
            shares[draw] = isExact ? MixtureIndex.MeasureFullest(drawn, Math.Min(options.Directions, Directions), options.Epsilon, cancellation).Share : 0;
        });
        var (low, high) = Interval(shares, mixture);
        return new IndexIntervals(Interval(bits, separability), isExact ? (Math.Max(0, low), Math.Min(1, high)) : null);
    }

    private static (double Low, double High) Interval(double[] draws, double estimate)
    {
        var bias = draws.Average() - estimate;
        double[] sorted = [.. draws.Order()];
        return (SeparabilityIndex.Quantile(sorted, 0.025) - bias, SeparabilityIndex.Quantile(sorted, 0.975) - bias);
    }
}
