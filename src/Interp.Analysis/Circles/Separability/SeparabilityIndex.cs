using System.Collections.Concurrent;
using Interp.Compute;
using Interp.Compute.Statistics;

namespace Interp.Analysis.Circles.Separability;

/// <summary>
/// The separability index of a plane cloud: the smallest mutual information of its two coordinates over rotations, bits. A
/// small value says that some rotation makes the coordinates independent, so the feature is two one-dimensional ones.
/// </summary>
/// <remarks>
/// Source: arXiv 2405.14860 and its repository (PaperRanking and Demo match its code). The histogram estimate is biased up by
/// about (bins − 1)²/(2 n ln 2) bits, and the minimum over angles biases it down; the null shows what is left without structure.
/// </remarks>
public static class SeparabilityIndex
{
    /// <summary>Measures a cloud. Costs O(angles · n · (1 + null draws)); angles run in parallel and the result does not depend on how many threads there are.</summary>
    /// <param name="cloud">The points.</param>
    /// <param name="estimator">How the information is estimated.</param>
    /// <param name="radius">Points at most this far from the origin are left out, so that 0 leaves out exact zeros as the published code does; null keeps all.</param>
    /// <param name="nullDraws">How many shuffles of one coordinate against the other are measured in the same way.</param>
    /// <param name="seed">The seed of the shuffles.</param>
    /// <param name="cancellation">Stops between angles.</param>
    /// <exception cref="InterpException">Fewer than two points are left.</exception>
    public static SeparabilityScore Measure(
        PlaneCloud cloud,
        SeparabilityEstimator estimator = SeparabilityEstimator.PaperRanking,
        double? radius = null,
        int nullDraws = 0,
        long seed = 0,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cloud);
        ArgumentOutOfRangeException.ThrowIfNegative(nullDraws);
        return MeasurePrepared(SeparabilityRecipe.Prepare(radius is { } least ? cloud.Outside(least) : cloud, estimator), estimator, SeparabilityRecipe.Of(estimator), nullDraws, seed, cancellation);
    }

    /// <summary>The first-order upward bias (bins − 1)²/(2 n ln 2) of one angle's estimate, bits; 0 where there are no bins or it is corrected.</summary>
    public static double FirstOrderBias(SeparabilityEstimator estimator, int points)
    {
        var recipe = SeparabilityRecipe.Of(estimator);
        return recipe.Bins == 0 || recipe.CorrectsBias ? 0 : (recipe.Bins - 1) * (recipe.Bins - 1) / (2.0 * points * Math.Log(2));
    }

    /// <summary>Measures a prepared cloud by a recipe.</summary>
    internal static SeparabilityScore MeasurePrepared(
        PlaneCloud points, SeparabilityEstimator estimator, SeparabilityRecipe recipe, int nullDraws, long seed, CancellationToken cancellation)
    {
        var random = SplitMix64.ForStream(seed, "separability null");
        int[][] orders = [[], .. Enumerable.Range(0, nullDraws).Select(_ => random.Permutation(points.Count))];
        var information = Information(points, recipe, orders, cancellation);

        var own = information[0];
        var smallest = Array.IndexOf(own, own.Min());
        var largest = Array.IndexOf(own, own.Max());
        var nulls = information.Skip(1).Select(draw => draw.Min()).Order().ToArray();
        return new SeparabilityScore
        {
            Bits = own[smallest],
            Angle = recipe.Angles[smallest],
            MaximumBits = own[largest],
            MaximumAngle = recipe.Angles[largest],
            Estimator = estimator,
            Points = points.Count,
            Angles = recipe.Angles,
            Information = own,
            NullMean = nullDraws > 0 ? nulls.Average() : null,
            NullQuantile95 = nullDraws > 0 ? Quantile(nulls, 0.95) : null,
        };
    }

    /// <summary>The information by order and angle, bits.</summary>
    private static double[][] Information(PlaneCloud cloud, SeparabilityRecipe recipe, int[][] orders, CancellationToken cancellation)
    {
        if (recipe.Bins == 0 && cloud.Count <= NearestNeighbourInformation.Rank)
        {
            throw new InterpException($"the nearest-neighbour estimate needs more than {NearestNeighbourInformation.Rank} points but there are {cloud.Count}");
        }

        var information = Array.ConvertAll(orders, _ => new double[recipe.Angles.Length]);

        // One workspace a thread, used again by the loop's later tasks.
        var free = new ConcurrentBag<IRotatedInformation>();
        var settings = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(
            0,
            recipe.Angles.Length,
            settings,
            () => free.TryTake(out var workspace) ? workspace : recipe.Bins > 0 ? new HistogramInformation(cloud, recipe) : new NearestNeighbourInformation(cloud),
            (angle, _, workspace) =>
            {
                if (orders.Length == 1 && workspace is HistogramInformation histogram)
                {
                    information[0][angle] = histogram.MeasureAt(recipe.Angles[angle]);
                    return workspace;
                }

                workspace.Rotate(recipe.Angles[angle]);
                for (var order = 0; order < orders.Length; order++)
                {
                    information[order][angle] = workspace.Measure(orders[order]);
                }

                return workspace;
            },
            free.Add);
        return information;
    }

    /// <summary>A quantile of sorted numbers, linear between order statistics.</summary>
    internal static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
