namespace Interp.Analysis.Circles.Separability;

/// <summary>
/// A k-d tree in the largest-coordinate norm: distances to the k-th neighbour and counts within a radius. Queries are not
/// thread-safe; one tree belongs to one thread.
/// </summary>
internal sealed class NeighbourTree
{
    private const int LeafSize = 12;

    private readonly int _dimensions;
    private readonly double[] _points;
    private readonly List<(int Axis, double Value)> _splits = [];
    private readonly double[] _query;
    private readonly double[] _nearest;

    /// <summary>Builds the tree. Costs O(n log n).</summary>
    /// <param name="points">The points, row-major <c>[n, d]</c>; copied.</param>
    /// <param name="dimensions">d.</param>
    /// <param name="largestRank">The largest rank that will be asked for.</param>
    public NeighbourTree(ReadOnlySpan<double> points, int dimensions, int largestRank)
    {
        _dimensions = dimensions;
        _points = points.ToArray();
        _query = new double[dimensions];
        _nearest = new double[largestRank + 1];
        Build(0, Count, 0);
    }

    private int Count => _points.Length / _dimensions;

    /// <summary>The distance from a point of the tree to its neighbour of a rank, itself not counted.</summary>
    public double Distance(ReadOnlySpan<double> point, int rank)
    {
        point.CopyTo(_query);
        var nearest = _nearest.AsSpan(0, rank + 1);
        nearest.Fill(double.PositiveInfinity);
        Search(0, Count, 0, nearest);
        return nearest[rank];
    }

    /// <summary>How many other points are nearer to a point of the tree than a radius.</summary>
    public int CountNearer(ReadOnlySpan<double> point, double radius)
    {
        if (!(radius > 0))
        {
            return 0;
        }

        point.CopyTo(_query);
        return CountIn(0, Count, 0, radius) - 1;
    }

    private void Build(int low, int high, int node)
    {
        if (high - low <= LeafSize)
        {
            return;
        }

        var axis = WidestAxis(low, high);
        var middle = (low + high) / 2;
        Select(low, high - 1, middle, axis);
        while (_splits.Count <= node)
        {
            _splits.Add(default);
        }

        _splits[node] = (axis, Value(middle, axis));
        Build(low, middle, (2 * node) + 1);
        Build(middle, high, (2 * node) + 2);
    }

    private void Search(int low, int high, int node, Span<double> nearest)
    {
        if (high - low <= LeafSize)
        {
            for (var i = low; i < high; i++)
            {
                var distance = DistanceTo(i);
                if (distance < nearest[^1])
                {
                    Insert(nearest, distance);
                }
            }

            return;
        }

        var (axis, value) = _splits[node];
        var middle = (low + high) / 2;
        var isBelow = _query[axis] < value;
        SearchHalf(isBelow, low, middle, high, node, nearest);
        if (Math.Abs(_query[axis] - value) <= nearest[^1])
        {
            SearchHalf(!isBelow, low, middle, high, node, nearest);
        }
    }

    private void SearchHalf(bool lower, int low, int middle, int high, int node, Span<double> nearest)
    {
        if (lower)
        {
            Search(low, middle, (2 * node) + 1, nearest);
        }
        else
        {
            Search(middle, high, (2 * node) + 2, nearest);
        }
    }

    private int CountIn(int low, int high, int node, double radius)
    {
        if (high - low <= LeafSize)
        {
            var inside = 0;
            for (var i = low; i < high; i++)
            {
                inside += DistanceTo(i) < radius ? 1 : 0;
            }

            return inside;
        }

        var (axis, value) = _splits[node];
        var middle = (low + high) / 2;
        var below = _query[axis] - value < radius ? CountIn(low, middle, (2 * node) + 1, radius) : 0;
        var above = value - _query[axis] < radius ? CountIn(middle, high, (2 * node) + 2, radius) : 0;
        return below + above;
    }

    private double DistanceTo(int row)
    {
        var distance = 0.0;
        for (var axis = 0; axis < _dimensions; axis++)
        {
            distance = Math.Max(distance, Math.Abs(Value(row, axis) - _query[axis]));
        }

        return distance;
    }

    private static void Insert(Span<double> nearest, double distance)
    {
        var place = nearest.Length - 1;
        for (; place > 0 && nearest[place - 1] > distance; place--)
        {
            nearest[place] = nearest[place - 1];
        }

        nearest[place] = distance;
    }

    private int WidestAxis(int low, int high)
    {
        var (widest, best) = (double.NegativeInfinity, 0);
        for (var axis = 0; axis < _dimensions; axis++)
        {
            double least = double.PositiveInfinity, most = double.NegativeInfinity;
            for (var i = low; i < high; i++)
            {
                (least, most) = (Math.Min(least, Value(i, axis)), Math.Max(most, Value(i, axis)));
            }

            if (most - least > widest)
            {
                (widest, best) = (most - least, axis);
            }
        }

        return best;
    }

    /// <summary>Reorders rows so that the one of a rank along an axis is in its place, smaller ones before it (Hoare's selection).</summary>
    private void Select(int low, int high, int rank, int axis)
    {
        while (low < high)
        {
            var pivot = Value((low + high) / 2, axis);
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (Value(i, axis) < pivot)
                {
                    i++;
                }

                while (Value(j, axis) > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    Swap(i++, j--);
                }
            }

            (low, high) = rank <= j ? (low, j) : rank >= i ? (i, high) : (rank, rank);
        }
    }

    private void Swap(int first, int second)
    {
        for (var axis = 0; axis < _dimensions; axis++)
        {
            ref var one = ref _points[(first * _dimensions) + axis];
            ref var other = ref _points[(second * _dimensions) + axis];
            (one, other) = (other, one);
        }
    }

    private double Value(int row, int axis) => _points[(row * _dimensions) + axis];
}
