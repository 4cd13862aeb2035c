using System.Numerics;
using System.Runtime.CompilerServices;

namespace Interp.Analysis.Circles.Mixture;

/// <summary>
/// Counts, exactly and for every offset at once, how many of n projected points one band can hold. One instance is one
/// thread's workspace: it allocates once and is used for many directions.
/// </summary>
internal sealed class BandCounter
{
    /// <summary>Bins of the coarse count that bounds the exact one.</summary>
    private const int Bins = 1024;

    private readonly double _epsilon;
    private readonly double[] _values;
    private readonly double[] _sorted;
    private readonly double[] _starts;
    private readonly double[] _ends;
    private readonly int[] _places;
    private readonly int[] _bins = new int[Bins + 1];

    public BandCounter(int count, double epsilon)
    {
        _epsilon = epsilon;
        (_values, _sorted) = (new double[count], new double[count]);
        (_starts, _ends) = (new double[count], new double[count]);
        _places = new int[count + 1];
    }

    /// <summary>The best band for the projections of a centred cloud on a direction.</summary>
    /// <param name="cloud">The cloud, means zero.</param>
    /// <param name="angle">The direction, radians.</param>
    /// <param name="atLeast">A coarse count may show that no band holds so many; the direction is then given up with 0 inside.</param>
    /// <returns>The number of points inside, a centre m of the window, and half its width ε·√(s² + m²).</returns>
    public (int Inside, double Centre, double HalfWidth) Best(PlaneCloud cloud, double angle, int atLeast = 0)
    {
        var (sine, cosine) = Math.SinCos(angle);
        for (var i = 0; i < _values.Length; i++)
        {
            _values[i] = (cosine * cloud.X[i]) + (sine * cloud.Y[i]);
        }

        return Best(atLeast);
    }

    /// <summary>The most points inside a band of one direction, of bands whose edges lie within ranges.</summary>
    /// <param name="cloud">The cloud, means zero.</param>
    /// <param name="angle">The direction, radians.</param>
    /// <param name="edges">The ranges; points outside both need not be sorted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Best(PlaneCloud cloud, double angle, (double LowerFrom, double LowerTo, double UpperFrom, double UpperTo) edges)
    {
        var (sine, cosine) = Math.SinCos(angle);
        var (x, y) = (cloud.X, cloud.Y);
        int below = 0, belowUpper = 0, lower = 0, upper = 0;
        var squares = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            var value = (cosine * x[i]) + (sine * y[i]);
            squares += value * value;
            below += value < edges.LowerFrom ? 1 : 0;
            belowUpper += value < edges.UpperFrom ? 1 : 0;

            // Written always and kept where it is within, so that there is nothing to guess.
            _ends[lower] = value;
            lower += value >= edges.LowerFrom & value <= edges.LowerTo ? 1 : 0;
            _starts[upper] = value;
            upper += value >= edges.UpperFrom & value <= edges.UpperTo ? 1 : 0;
        }

        return Most(below, belowUpper, _ends.AsSpan(0, lower), _starts.AsSpan(0, upper), squares / x.Length);
    }

    /// <summary>Of windows whose upper edge passes each of some points, the most points inside.</summary>
    private int Most(int below, int belowUpper, Span<double> lower, Span<double> upper, double variance)
    {
        lower.Sort();
        upper.Sort();
        var rest = 1 - (_epsilon * _epsilon);
        int best = 0, next = 0;
        for (var i = 0; i < upper.Length; i++)
        {
            var start = (upper[i] - (_epsilon * Math.Sqrt((upper[i] * upper[i]) + (rest * variance)))) / rest;
            while (next < lower.Length && (lower[next] + (_epsilon * Math.Sqrt((lower[next] * lower[next]) + (rest * variance)))) / rest <= start)
            {
                next++;
            }

            best = Math.Max(best, belowUpper + i + 1 - below - next);
        }

        return best;
    }

    /// <summary>The best band for given projections of mean zero.</summary>
    public (int Inside, double Centre, double HalfWidth) Best(ReadOnlySpan<double> projections)
    {
        projections.CopyTo(_values);
        return Best(0);
    }

    /// <summary>
    /// No band holds more: the points between the lower edge of a bin and the highest place that a window can reach which still
    /// holds some point of that bin.
    /// </summary>
    /// <param name="low">The smallest projection.</param>
    /// <param name="high">The largest.</param>
    /// <param name="variance">The mean square of the projections.</param>
    internal int UpperBound(double low, double high, double variance)
    {
        if (!(high > low))
        {
            return _values.Length;
        }

        Array.Clear(_bins);
        var scale = Bins * (1 - 1e-12) / (high - low);
        foreach (var value in _values)
        {
            _bins[(int)((value - low) * scale) + 1]++;
        }

        for (var bin = 0; bin < Bins; bin++)
        {
            _bins[bin + 1] += _bins[bin];
        }

        var rest = 1 - (_epsilon * _epsilon);
        var most = 0;
        for (var bin = 0; bin < Bins; bin++)
        {
            // A window over a point below this edge has its centre below the end of the edge's own interval.
            var edge = low + ((bin + 1) / scale);
            var centre = (edge + (_epsilon * Math.Sqrt((edge * edge) + (rest * variance)))) / rest;
            var reach = centre + (_epsilon * Math.Sqrt(variance + (centre * centre)));
            var last = Math.Min((int)((reach - low) * scale) + 2, Bins);
            most = Math.Max(most, _bins[last] - _bins[bin]);
        }

        return most;
    }

    private (int Inside, double Centre, double HalfWidth) Best(int atLeast)
    {
        var (low, high, variance) = Extent();
        if (atLeast > 0 && UpperBound(low, high, variance) < atLeast)
        {
            return (0, 0, 0);
        }

        Sort(low, high);
        FillIntervals(variance);

        // Both ends grow with z, so one sorted pass finds the point that most of the open intervals share.
        int best = 0, at = 0, next = 0, closing = 0;
        for (var i = 0; i < _starts.Length; i++)
        {
            while (_ends[next] <= _starts[i])
            {
                next++;
            }

            if (i + 1 - next > best)
            {
                (best, at, closing) = (i + 1 - next, i, next);
            }
        }

        var centre = (_starts[at] + _ends[closing]) / 2;
        return (best, centre, _epsilon * Math.Sqrt(variance + (centre * centre)));
    }

    /// <summary>
    /// The centres m whose window |z − m| &lt; ε√(s² + m²) holds z are an interval: ((z − h)/(1 − ε²), (z + h)/(1 − ε²)) with
    /// h = ε√(z² + (1 − ε²)s²).
    /// </summary>
    private void FillIntervals(double variance)
    {
        var rest = 1 - (_epsilon * _epsilon);
        var i = 0;
        for (; i <= _sorted.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var z = new Vector<double>(_sorted, i);
            var half = _epsilon * Vector.SquareRoot((z * z) + new Vector<double>(rest * variance));
            ((z - half) / rest).CopyTo(_starts, i);
            ((z + half) / rest).CopyTo(_ends, i);
        }

        for (; i < _sorted.Length; i++)
        {
            var half = _epsilon * Math.Sqrt((_sorted[i] * _sorted[i]) + (rest * variance));
            (_starts[i], _ends[i]) = ((_sorted[i] - half) / rest, (_sorted[i] + half) / rest);
        }
    }

    private (double Low, double High, double Variance) Extent()
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity, squares = 0;
        foreach (var value in _values)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
            squares += value * value;
        }

        return (low, high, squares / _values.Length);
    }

    /// <summary>
    /// Sorts the projections into <see cref="_sorted"/>: as many equal buckets as points, then insertion, which is linear for
    /// clouds that are not extremely uneven; those are sorted by the library.
    /// </summary>
    private void Sort(double low, double high)
    {
        if (!FillBuckets(low, high))
        {
            _values.CopyTo(_sorted, 0);
            Array.Sort(_sorted);
            return;
        }

        for (var i = 1; i < _sorted.Length; i++)
        {
            var value = _sorted[i];
            var j = i - 1;
            for (; j >= 0 && _sorted[j] > value; j--)
            {
                _sorted[j + 1] = _sorted[j];
            }

            _sorted[j + 1] = value;
        }
    }

    /// <summary>Puts the values into their buckets; false when some bucket holds so many that insertion would be slow.</summary>
    private bool FillBuckets(double low, double high)
    {
        const int Crowded = 64;
        var scale = high > low ? _values.Length * (1 - 1e-12) / (high - low) : 0;
        Array.Clear(_places);
        foreach (var value in _values)
        {
            _places[(int)((value - low) * scale) + 1]++;
        }

        for (var bucket = 0; bucket < _values.Length; bucket++)
        {
            if (_places[bucket + 1] > Crowded)
            {
                return false;
            }

            _places[bucket + 1] += _places[bucket];
        }

        foreach (var value in _values)
        {
            _sorted[_places[(int)((value - low) * scale)]++] = value;
        }

        return true;
    }
}
