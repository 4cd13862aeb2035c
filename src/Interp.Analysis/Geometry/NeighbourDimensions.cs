using Interp.Compute.Kernels.Pairwise;

namespace Interp.Analysis.Geometry;

/// <summary>Intrinsic dimensions from sorted neighbour distances. Rows must differ from one another.</summary>
internal static class NeighbourDimensions
{
    /// <summary>TwoNN (Facco et al. 2017) by regression through the origin over the lowest ratios, F = i/N.</summary>
    /// <param name="table">At least two neighbours.</param>
    /// <param name="discard">The share of largest ratios left out.</param>
    /// <param name="isShifted">Whether F = (i − 1)/N, for comparison with stored values of another library.</param>
    public static double? TwoNearest(NeighbourTable table, double discard, bool isShifted = false)
    {
        var (products, squares) = (0.0, 0.0);
        foreach (var (x, y) in TwoNearestPoints(table, discard, isShifted))
        {
            products += x * y;
            squares += x * x;
        }

        return squares > 0 ? products / squares : null;
    }

    /// <summary>What TwoNN's line is drawn through: ln μ, ascending, and −ln(1 − F). Curvature means that the model is wrong.</summary>
    public static IEnumerable<(double LogRatio, double LogTail)> TwoNearestPoints(NeighbourTable table, double discard, bool isShifted = false)
    {
        var ratios = LogRatios(table);
        var kept = (int)Math.Floor(ratios.Length * (1 - discard));
        for (var i = 0; i < kept; i++)
        {
            var share = (i + (isShifted ? 0.0 : 1.0)) / ratios.Length;
            if (share < 1)
            {
                yield return (ratios[i], -Math.Log(1 - share));
            }
        }
    }

    /// <summary>TwoNN by maximum likelihood, (N − 1)/Σ ln μ.</summary>
    public static double? TwoNearestLikelihood(NeighbourTable table)
    {
        var ratios = LogRatios(table);
        return ratios.Sum() is > 0 and var sum ? (ratios.Length - 1) / sum : null;
    }

    /// <summary>Levina–Bickel with k neighbours, the harmonic mean over rows (MacKay–Ghahramani).</summary>
    public static double? MaximumLikelihood(NeighbourTable table, int neighbours, bool isUnbiased = false)
    {
        var k = Math.Min(neighbours, table.Neighbours);
        if (k < (isUnbiased ? 3 : 2))
        {
            return null;
        }

        var inverse = Enumerable.Range(0, table.Count).Average(row => MeanLogRatio(table, row, k, isUnbiased ? k - 2 : k - 1));
        return inverse > 0 ? 1 / inverse : null;
    }

    /// <summary>The same of each row alone: local dimensions, whose arithmetic mean is biased upward.</summary>
    public static double[] LocalLikelihoods(NeighbourTable table, int neighbours)
    {
        var k = Math.Min(neighbours, table.Neighbours);
        return [.. Enumerable.Range(0, table.Count).Select(row => 1 / MeanLogRatio(table, row, k, k - 1))];
    }

    /// <summary>Local dimensions by the method of moments, m₁/(T_k − m₁).</summary>
    /// <param name="table">The distances.</param>
    /// <param name="neighbours">k.</param>
    /// <param name="isLastIncluded">Whether the mean m₁ includes T_k (Amsaleg et al.); LDReg (arXiv 2401.10474) leaves it out.</param>
    public static double[] Moments(NeighbourTable table, int neighbours, bool isLastIncluded = true)
    {
        var k = Math.Min(neighbours, table.Neighbours);
        return [.. Enumerable.Range(0, table.Count).Select(row =>
        {
            var last = table.Distances[row, k - 1];
            var mean = Enumerable.Range(0, isLastIncluded ? k : k - 1).Average(place => table.Distances[row, place]);
            return mean / (last - mean);
        })];
    }

    /// <summary>The middle value.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>exp of the mean logarithm.</summary>
    public static double Geometric(IEnumerable<double> values) => Math.Exp(values.Average(Math.Log));

    private static double MeanLogRatio(NeighbourTable table, int row, int k, int divisor)
    {
        var last = table.Distances[row, k - 1];
        return Enumerable.Range(0, k - 1).Sum(place => Math.Log(last / table.Distances[row, place])) / divisor;
    }

    private static double[] LogRatios(NeighbourTable table) =>
        [.. Enumerable.Range(0, table.Count).Select(row => Math.Log(table.Distances[row, 1] / table.Distances[row, 0])).Order()];
}
