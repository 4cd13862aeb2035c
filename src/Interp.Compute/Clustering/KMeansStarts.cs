using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Clustering;

/// <summary>
/// The first centres of all restarts of k-means, drawn by squared distance from those before (k-means++, Arthur and Vassilvitskii
/// 2007). The restarts advance together, so that one pass of the rows serves all of them.
/// </summary>
internal static class KMeansStarts
{
    /// <summary>Draws the rows. Costs O(clusters · restarts · n d).</summary>
    /// <param name="data">The rows <c>[n, d]</c>.</param>
    /// <param name="options">Clusters, restarts, seed; each restart draws from a stream of its own.</param>
    /// <param name="cancellation">Stops between draws.</param>
    /// <returns>The rows of each restart's centres.</returns>
    public static int[][] Choose(Tensor data, KMeansOptions options, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var count = (int)data.shape[0];

        // A difference of squared norms this small is nothing but rounding: the rows are equal.
        var rounding = data.dtype == ScalarType.Float32 ? 2e-6 : 1e-14;
        var squares = data.square().sum(1);
        var norms = squares.to(ScalarType.Float64).data<double>().ToArray();
        var random = Enumerable.Range(0, options.Restarts).Select(restart => SplitMix64.ForStream(options.Seed, $"k-means restart {restart}")).ToArray();
        var nearest = random.Select(_ => Enumerable.Repeat(double.PositiveInfinity, count).ToArray()).ToArray();
        var chosen = random.Select(stream => new int[options.Clusters]).ToArray();
        for (var restart = 0; restart < random.Length; restart++)
        {
            chosen[restart][0] = random[restart].NextInt(count);
        }

        for (var centre = 1; centre < options.Clusters; centre++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var last = tensor(chosen.Select(rows => (long)rows[centre - 1]).ToArray());
            var products = data.matmul(data.index_select(0, last).t()).t().to(ScalarType.Float64).contiguous().data<double>().ToArray(); // [r, n]
            Parallel.For(0, random.Length, restart =>
            {
                var own = norms[chosen[restart][centre - 1]];
                var total = 0.0;
                for (var row = 0; row < count; row++)
                {
                    var distance = norms[row] + own - (2 * products[((long)restart * count) + row]);
                    nearest[restart][row] = Math.Min(nearest[restart][row], distance > rounding * (norms[row] + own) ? distance : 0);
                    total += nearest[restart][row];
                }

                chosen[restart][centre] = Draw(nearest[restart], total, random[restart]);
            });
        }

        return chosen;
    }

    /// <summary>Draws a row with probability proportional to its weight; uniformly when all weights are zero.</summary>
    private static int Draw(double[] weights, double total, SplitMix64 random)
    {
        var left = random.NextDouble() * total;
        if (total <= 0)
        {
            return random.NextInt(weights.Length);
        }

        var last = 0;
        for (var row = 0; row < weights.Length; row++)
        {
            if (weights[row] > 0)
            {
                last = row;
                left -= weights[row];
                if (left < 0)
                {
                    break;
                }
            }
        }

        return last;
    }
}
