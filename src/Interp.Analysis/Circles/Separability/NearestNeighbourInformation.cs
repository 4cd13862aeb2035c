using Interp.Compute.Statistics;

namespace Interp.Analysis.Circles.Separability;

/// <summary>
/// Mutual information of a rotated cloud from distances to the fifth neighbour in the largest-coordinate norm:
/// ψ(k) + ψ(n) − ⟨ψ(n_x + 1) + ψ(n_y + 1)⟩, in bits (Kraskov, Stögbauer and Grassberger, Phys. Rev. E 69, 066138, first form).
/// </summary>
/// <remarks>
/// The estimate assumes a density. As its authors advise, ties are broken by noise of 1e-10 of the extent, from a fixed seed.
/// </remarks>
internal sealed class NearestNeighbourInformation : IRotatedInformation
{
    /// <summary>The rank k of the neighbour.</summary>
    public const int Rank = 5;

    private readonly PlaneCloud _cloud;
    private readonly double[] _first;
    private readonly double[] _second;
    private readonly double[] _sortedFirst;
    private readonly double[] _sortedSecond;
    private readonly double[] _paired;

    public NearestNeighbourInformation(PlaneCloud cloud)
    {
        _cloud = Jittered(cloud);
        (_first, _second) = (new double[cloud.Count], new double[cloud.Count]);
        (_sortedFirst, _sortedSecond) = (new double[cloud.Count], new double[cloud.Count]);
        _paired = new double[2 * cloud.Count];
    }

    /// <inheritdoc/>
    public void Rotate(double angle)
    {
        var (sine, cosine) = Math.SinCos(angle);
        for (var i = 0; i < _first.Length; i++)
        {
            _first[i] = (cosine * _cloud.X[i]) + (sine * _cloud.Y[i]);
            _second[i] = (cosine * _cloud.Y[i]) - (sine * _cloud.X[i]);
        }

        _first.CopyTo(_sortedFirst, 0);
        _second.CopyTo(_sortedSecond, 0);
        Array.Sort(_sortedFirst);
        Array.Sort(_sortedSecond);
    }

    /// <inheritdoc/>
    public double Measure(ReadOnlySpan<int> order)
    {
        for (var i = 0; i < _first.Length; i++)
        {
            _paired[2 * i] = _first[i];
            _paired[(2 * i) + 1] = _second[order.IsEmpty ? i : order[i]];
        }

        var tree = new NeighbourTree(_paired, 2, Rank);
        var sum = 0.0;
        for (var i = 0; i < _first.Length; i++)
        {
            var radius = tree.Distance(_paired.AsSpan(2 * i, 2), Rank);
            sum += SpecialFunctions.Digamma(CountNearer(_sortedFirst, _paired[2 * i], radius) + 1)
                + SpecialFunctions.Digamma(CountNearer(_sortedSecond, _paired[(2 * i) + 1], radius) + 1);
        }

        var nats = SpecialFunctions.Digamma(Rank) + SpecialFunctions.Digamma(_first.Length) - (sum / _first.Length);
        return nats / Math.Log(2);
    }

    /// <summary>How many other numbers are nearer than a radius. Differences are compared, as the tree does, so that the neighbour at the radius itself is left out.</summary>
    private static int CountNearer(double[] sorted, double value, double radius)
    {
        if (!(radius > 0))
        {
            return 0;
        }

        return First(sorted, other => other - value >= radius) - First(sorted, other => value - other < radius) - 1;
    }

    /// <summary>The first place whose number has a property that all later ones share.</summary>
    private static int First(double[] sorted, Predicate<double> has)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = has(sorted[middle]) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private static PlaneCloud Jittered(PlaneCloud cloud)
    {
        var random = SplitMix64.ForStream(0, "nearest-neighbour ties");
        var extent = 1e-10 * Math.Max(cloud.X.Max() - cloud.X.Min(), cloud.Y.Max() - cloud.Y.Min());
        double Moved(double value) => value + (extent * (random.NextDouble() - 0.5));
        return PlaneCloud.FromColumns(Array.ConvertAll(cloud.X, Moved), Array.ConvertAll(cloud.Y, Moved));
    }
}
