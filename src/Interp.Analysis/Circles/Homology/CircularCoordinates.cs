using Interp.Compute.LinearAlgebra;

namespace Interp.Analysis.Circles.Homology;

/// <summary>
/// Each point's place along a loop: a cocycle modulo a prime, lifted to whole numbers and smoothed to the least squares among those
/// that differ by a potential, whose fractional part is the place (de Silva, Morozov, Vejdemo-Johansson 2011).
/// </summary>
internal static class CircularCoordinates
{
    private const int Prime = 47;

    /// <summary>The places along the longest loop, radians in [0, 2π).</summary>
    /// <param name="filtration">The complexes.</param>
    /// <param name="longest">The longest bar over Z₂.</param>
    /// <param name="cancellation">Stops between edges.</param>
    /// <returns>One a point, or null where the cocycle modulo the prime is another or has no whole lift.</returns>
    public static double[]? Of(RipsFiltration filtration, PersistenceBar longest, CancellationToken cancellation)
    {
        var cohomology = new RipsCohomology(filtration, Prime, cancellation);
        if (cohomology.Bars.Count == 0 || cohomology.Bars[0].Bar != longest)
        {
            return null;
        }

        var limit = longest.Birth + ((longest.Death - longest.Birth) / 2);
        var edges = filtration.Edges.Where(edge => filtration.Lengths[filtration.Rank(edge.First, edge.Second)] <= limit).ToArray();
        var lift = new int[filtration.Count, filtration.Count];
        foreach (var (edge, coefficient) in cohomology.Cocycle(cohomology.Bars[0].Edge))
        {
            var (first, second) = filtration.Edges[edge];
            var whole = coefficient > Prime / 2 ? coefficient - Prime : coefficient;
            (lift[first, second], lift[second, first]) = (whole, -whole);
        }

        return IsCocycle(filtration, lift, limit) ? Smoothed(edges, lift, filtration.Count) : null;
    }

    private static bool IsCocycle(RipsFiltration filtration, int[,] lift, double limit)
    {
        bool Has(int first, int second) => filtration.Rank(first, second) < filtration.Lengths.Length && filtration.Lengths[filtration.Rank(first, second)] <= limit;
        for (var i = 0; i < filtration.Count; i++)
        {
            for (var j = i + 1; j < filtration.Count; j++)
            {
                for (var k = j + 1; k < filtration.Count && Has(i, j); k++)
                {
                    if (Has(i, k) && Has(j, k) && lift[i, j] + lift[j, k] != lift[i, k])
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    /// <summary>The potential f whose differences are nearest to the cocycle on all edges, modulo one turn.</summary>
    private static double[] Smoothed((int First, int Second)[] edges, int[,] lift, int count)
    {
        var laplacian = new double[count, count];
        var divergence = new double[count, 1];
        foreach (var (first, second) in edges)
        {
            laplacian[first, first]++;
            laplacian[second, second]++;
            laplacian[first, second]--;
            laplacian[second, first]--;
            divergence[second, 0] += lift[first, second];
            divergence[first, 0] -= lift[first, second];
        }

        var (potential, _) = LeastSquares.Solve(laplacian, divergence);
        return [.. potential.Cast<double>().Select(turns => 2 * Math.PI * (turns - Math.Floor(turns)))];
    }
}
