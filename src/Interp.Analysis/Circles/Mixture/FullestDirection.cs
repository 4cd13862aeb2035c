using System.Numerics;

namespace Interp.Analysis.Circles.Mixture;

/// <summary>
/// The direction, of equal steps over half a turn, whose fullest band holds most points: the same as counting all of them exactly,
/// by branch and bound. Intervals of directions are split, the most promising first, and given up when their bound shows that none
/// of their directions can be the one.
/// </summary>
internal sealed class FullestDirection
{
    /// <summary>Half the first intervals' size, about, in radians.</summary>
    private const double FirstSpread = 0.03;

    private const int Parts = 4;
    private const int Futile = 3;
    private const int FewJudged = 12;

    private readonly PlaneCloud _centred;
    private readonly int _directions;
    private readonly DirectionBound _bound;
    private readonly BandCounter _counter;
    private readonly (double XX, double YY, double XY) _moments;
    private readonly PriorityQueue<(int First, int Count, int AtMost), (int, int)> _open = new();
    private int _judged;
    private int _closed;

    /// <summary>Prepares a search.</summary>
    /// <param name="centred">The points, means zero.</param>
    /// <param name="directions">The number K of directions kπ/K.</param>
    /// <param name="epsilon">ε.</param>
    public FullestDirection(PlaneCloud centred, int directions, double epsilon)
    {
        (_centred, _directions) = (centred, directions);
        _bound = new DirectionBound(centred, epsilon);
        _counter = new BandCounter(centred.Count, epsilon);
        double xx = 0, yy = 0, xy = 0;
        for (var i = 0; i < centred.Count; i++)
        {
            xx += centred.X[i] * centred.X[i];
            yy += centred.Y[i] * centred.Y[i];
            xy += centred.X[i] * centred.Y[i];
        }

        _moments = (xx / centred.Count, yy / centred.Count, xy / centred.Count);
    }

    /// <summary>Intervals whose bound was taken.</summary>
    public int Bounded { get; private set; }

    /// <summary>Directions that were counted exactly.</summary>
    public int Counted { get; private set; }

    /// <summary>Searches.</summary>
    /// <param name="cancellation">Stops between intervals.</param>
    /// <returns>The most points inside, and the first direction that has them.</returns>
    public (int Inside, int Direction) Find(CancellationToken cancellation)
    {
        var best = (Inside: 0, Direction: _directions);
        var size = Math.Max(1, (int)(2 * FirstSpread / Math.PI * _directions));
        for (var first = 0; first < _directions; first += size)
        {
            cancellation.ThrowIfCancellationRequested();
            Open(first, Math.Min(size, _directions - first), _centred.Count, best);
        }

        // A good direction known early closes most intervals as soon as they are bounded.
        if (_open.TryPeek(out var promising, out _))
        {
            var middle = promising.First + (promising.Count / 2);
            best = (Exactly(middle, 0), middle);
        }

        while (_open.TryDequeue(out var node, out _) && node.AtMost >= best.Inside)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!IsOpen(node, best))
            {
                continue;
            }

            if (node.Count == 1)
            {
                var inside = Exactly(node.First, best.Inside);
                best = inside > best.Inside || (inside == best.Inside && node.First < best.Direction) ? (inside, node.First) : best;
                continue;
            }

            // Where smaller intervals are hardly ever given up, as in round clouds, the directions are looked at one by one.
            var part = _judged > FewJudged && _closed * Futile < _judged ? 1 : (node.Count + Parts - 1) / Parts;
            for (var first = node.First; first < node.First + node.Count; first += part)
            {
                Open(first, Math.Min(part, node.First + node.Count - first), node.AtMost, best);
            }
        }

        return best;
    }

    /// <summary>Of equal counts the first direction is taken, so an interval that can only equal the best must begin before it.</summary>
    private static bool IsOpen((int First, int Count, int AtMost) node, (int Inside, int Direction) best) =>
        node.AtMost > best.Inside || (node.AtMost == best.Inside && node.First < best.Direction);

    private void Open(int first, int count, int atMost, (int Inside, int Direction) best)
    {
        Bounded++;
        var angle = (first + ((count - 1) / 2.0)) * Math.PI / _directions;
        var spread = (count - 1) / 2.0 * Math.PI / _directions;
        var node = (First: first, Count: count, AtMost: Math.Min(atMost, _bound.AtMost(angle, spread, LargestVariance(angle, spread))));
        var isOpen = IsOpen(node, best);
        if (best.Inside > 0 && count > 1)
        {
            _judged++;
            _closed += isOpen ? 0 : 1;
        }

        if (isOpen)
        {
            _open.Enqueue(node, (-node.AtMost, node.First));
        }
    }

    /// <summary>The most points inside a band of one direction; 0 where fewer than asked for.</summary>
    private int Exactly(int direction, int atLeast)
    {
        var angle = direction * Math.PI / _directions;
        Counted++;
        var variance = LargestVariance(angle, 0);
        if (atLeast == 0)
        {
            return _counter.Best(_centred, angle).Inside;
        }

        return _bound.AtMostFinely(angle, variance) < atLeast ? 0 : _bound.Edges(atLeast).Select(edges => _counter.Best(_centred, angle, edges)).DefaultIfEmpty(0).Max();
    }

    /// <summary>The largest variance of the projections on a direction of an interval.</summary>
    private double LargestVariance(double angle, double spread)
    {
        var (mean, half, cross) = ((_moments.XX + _moments.YY) / 2, (_moments.XX - _moments.YY) / 2, _moments.XY);
        var axis = 0.5 * Math.Atan2(cross, half);
        var away = Math.Abs(Math.IEEERemainder(angle - axis, Math.PI));
        return mean + (Math.Sqrt((half * half) + (cross * cross)) * Math.Cos(2 * Math.Max(0, away - spread)));
    }
}
