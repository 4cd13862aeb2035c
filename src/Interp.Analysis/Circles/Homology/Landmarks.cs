namespace Interp.Analysis.Circles.Homology;

/// <summary>Points that cover a cloud: the one farthest from the mean, then each the farthest from those before it.</summary>
internal static class Landmarks
{
    /// <summary>Chooses them; costs O(n·d·most). Points equal to a chosen one are never chosen, so there may be fewer.</summary>
    /// <param name="points">The points <c>[n, d]</c>.</param>
    /// <param name="most">The most landmarks.</param>
    /// <param name="cancellation">Stops between landmarks.</param>
    /// <returns>Their rows, ascending, and the largest distance of a point from its nearest landmark.</returns>
    public static (int[] Rows, double CoveringRadius) Choose(double[][] points, int most, CancellationToken cancellation)
    {
        var mean = Enumerable.Range(0, points[0].Length).Select(axis => points.Average(point => point[axis])).ToArray();
        var nearest = Array.ConvertAll(points, point => SquaredDistance(point, mean));
        var scale = nearest.Max();
        var next = Array.IndexOf(nearest, scale);
        Array.Fill(nearest, double.PositiveInfinity);
        var chosen = new List<int>();
        while (chosen.Count < most && nearest[next] > 1e-24 * scale)
        {
            cancellation.ThrowIfCancellationRequested();
            chosen.Add(next);
            for (var row = 0; row < points.Length; row++)
            {
                nearest[row] = Math.Min(nearest[row], SquaredDistance(points[row], points[chosen[^1]]));
            }

            next = Array.IndexOf(nearest, nearest.Max());
        }

        return ([.. chosen.Order()], Math.Sqrt(nearest[next]));
    }

    /// <summary>‖x − y‖².</summary>
    public static double SquaredDistance(double[] x, double[] y)
    {
        var sum = 0.0;
        for (var axis = 0; axis < x.Length; axis++)
        {
            sum += (x[axis] - y[axis]) * (x[axis] - y[axis]);
        }

        return sum;
    }
}
