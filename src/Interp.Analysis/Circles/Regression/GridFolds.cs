using Interp.Compute.Statistics;

namespace Interp.Analysis.Circles.Regression;

/// <summary>Parts of a grid's cells of nearly equal size, such that every level of α, β and their sum stays among the other parts' cells.</summary>
internal static class GridFolds
{
    private const int Tries = 1000;

    /// <summary>The part of each cell p·α + β.</summary>
    /// <param name="p">The grid's side.</param>
    /// <param name="folds">How many parts.</param>
    /// <param name="seed">Seeds the two orders whose sum, reduced, is the part.</param>
    public static int[] Of(int p, int folds, long seed)
    {
        var random = SplitMix64.ForStream(seed, "regression folds");
        int[] parts = [];
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var (first, second) = (random.Permutation(p), random.Permutation(p));
            parts = [.. Enumerable.Range(0, p * p).Select(row => (first[row / p] + second[row % p]) % folds)];
            if (Keeps(parts, folds, p, row => row / p) && Keeps(parts, folds, p, row => row % p) && Keeps(parts, folds, p, row => ((row / p) + (row % p)) % p))
            {
                break;
            }
        }

        return parts;
    }

    /// <summary>Whether no level has all its cells in one part.</summary>
    private static bool Keeps(int[] parts, int folds, int p, Func<int, int> level)
    {
        var counts = new int[p, folds];
        for (var row = 0; row < parts.Length; row++)
        {
            counts[level(row), parts[row]]++;
        }

        return counts.Cast<int>().All(count => count < p);
    }
}
