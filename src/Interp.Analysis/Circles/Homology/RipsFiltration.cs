namespace Interp.Analysis.Circles.Homology;

/// <summary>
/// The edges and triangles of a cloud's Vietoris–Rips complexes in the order in which they appear: by their longest edge, rounded
/// to 1e-9 of the largest distance, then by the numbers of their points.
/// </summary>
internal sealed class RipsFiltration
{
    private const double Rounding = 1e-9;

    private readonly int[,] _ranks;

    /// <summary>Measures all distances.</summary>
    /// <param name="points">The points <c>[n, d]</c>.</param>
    public RipsFiltration(double[][] points)
    {
        Count = points.Length;
        var distances = new double[Count, Count];
        for (var i = 0; i < Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                distances[i, j] = distances[j, i] = Math.Sqrt(Landmarks.SquaredDistance(points[i], points[j]));
            }
        }

        var step = Rounding * distances.Cast<double>().DefaultIfEmpty(0).Max();
        long Rounded(double distance) => step > 0 ? (long)Math.Round(distance / step) : 0;

        // From the enclosing radius on, one point is joined to all others and every loop is filled.
        var enclosing = Enumerable.Range(0, Count).Select(i => Enumerable.Range(0, Count).Max(j => Rounded(distances[i, j]))).DefaultIfEmpty(0).Min();
        long[] kept = [.. Pairs().Select(pair => Rounded(distances[pair.First, pair.Second])).Where(value => value <= enclosing).Distinct().Order()];
        Lengths = [.. kept.Select(value => value * step)];
        _ranks = new int[Count, Count];
        foreach (var (first, second) in Pairs())
        {
            var rank = Array.BinarySearch(kept, Rounded(distances[first, second]));
            _ranks[first, second] = _ranks[second, first] = rank >= 0 ? rank : kept.Length;
        }

        Edges = [.. Pairs().Where(pair => _ranks[pair.First, pair.Second] < kept.Length).OrderBy(pair => _ranks[pair.First, pair.Second]).ThenBy(pair => pair)];
    }

    /// <summary>The number of points.</summary>
    public int Count { get; }

    /// <summary>The edges in the order of their appearance, first point below second.</summary>
    public (int First, int Second)[] Edges { get; }

    /// <summary>The different lengths, ascending; edges beyond the enclosing radius have none.</summary>
    public double[] Lengths { get; }

    /// <summary>The place of an edge's length among <see cref="Lengths"/>; their number for edges left out.</summary>
    public int Rank(int first, int second) => _ranks[first, second];

    /// <summary>The triangles of an edge with their order and the edge's sign in their boundary.</summary>
    public IEnumerable<(long Key, int Sign)> Cofaces(int first, int second)
    {
        for (var third = 0; third < Count; third++)
        {
            if (third == first || third == second)
            {
                continue;
            }

            var rank = Math.Max(_ranks[first, second], Math.Max(_ranks[first, third], _ranks[second, third]));
            if (rank < Lengths.Length)
            {
                // The boundary of [i, j, k] is [j, k] − [i, k] + [i, j].
                yield return (Key(rank, first, second, third), third > first && third < second ? -1 : 1);
            }
        }
    }

    /// <summary>The length at which a triangle appears.</summary>
    public double LengthOf(long key) => Lengths[key / ((long)Count * Count * Count)];

    private long Key(int rank, int first, int second, int third)
    {
        var (low, high) = (Math.Min(first, third), Math.Max(second, third));
        var middle = first + second + third - low - high;
        return (((((long)rank * Count) + low) * Count) + middle) * Count + high;
    }

    private IEnumerable<(int First, int Second)> Pairs() =>
        Enumerable.Range(0, Count).SelectMany(first => Enumerable.Range(first + 1, Math.Max(0, Count - first - 1)).Select(second => (first, second)));
}
