using System.Numerics;

namespace Interp.Analysis.Circles.Mixture;

/// <summary>
/// Counts, exactly and for every offset at once, how many of n projected points one band can hold. One instance is one
/// thread's workspace: it allocates once and is used for many directions.
/// </summary>
internal sealed class BandCounter
{
    private readonly double _epsilon;
    private readonly double[] _values;
    private readonly double[] _sorted;
    private readonly double[] _starts;
    private readonly double[] _ends;
    private readonly int[] _places;

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
    /// <returns>The number of points inside, a centre m of the window, and half its width ε·√(s² + m²).</returns>
    public (int Inside, double Centre, double HalfWidth) Best(PlaneCloud cloud, double angle)
    {
        var (sine, cosine) = Math.SinCos(angle);
        for (var i = 0; i < _values.Length; i++)
        {
            _values[i] = (cosine * cloud.X[i]) + (sine * cloud.Y[i]);
        }

        return Best();
    }

    /// <summary>The best band for given projections of mean zero.</summary>
    public (int Inside, double Centre, double HalfWidth) Best(ReadOnlySpan<double> projections)
    {
        projections.CopyTo(_values);
        return Best();
    }

    private (int Inside, double Centre, double HalfWidth) Best()
    {
        var variance = Sort() / _values.Length;
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

    /// <summary>
    /// Sorts the projections into <see cref="_sorted"/>: as many equal buckets as points, then insertion, which is linear for
    /// clouds that are not extremely uneven; those are sorted by the library.
    /// </summary>
    /// <returns>The sum of squares.</returns>
    private double Sort()
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity, squares = 0;
        foreach (var value in _values)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
            squares += value * value;
        }

        if (!FillBuckets(low, high))
        {
            _values.CopyTo(_sorted, 0);
            Array.Sort(_sorted);
            return squares;
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

        return squares;
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
