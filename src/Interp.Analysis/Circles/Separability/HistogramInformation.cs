using System.Numerics;
using Interp.Compute.Kernels.RotatedHistograms;

namespace Interp.Analysis.Circles.Separability;

/// <summary>
/// Plug-in mutual information of a rotated cloud from a two-dimensional histogram, bits. One instance is one thread's
/// workspace: it allocates once and is used for many angles.
/// </summary>
internal sealed class HistogramInformation : IRotatedInformation
{
    private readonly PlaneCloud _cloud;
    private readonly SeparabilityRecipe _recipe;
    private readonly byte[] _first;
    private readonly byte[] _second;
    private readonly int[] _counts;
    private readonly int[] _rows;
    private readonly int[] _columns;

    public HistogramInformation(PlaneCloud cloud, SeparabilityRecipe recipe)
    {
        (_cloud, _recipe) = (cloud, recipe);
        (_first, _second) = (new byte[cloud.Count], new byte[cloud.Count]);
        (_counts, _rows, _columns) = (new int[recipe.Bins * recipe.Bins], new int[recipe.Bins], new int[recipe.Bins]);
    }

    /// <summary>The information of the cloud itself at an angle, bits: what Rotate and Measure give, without keeping the cells.</summary>
    public double MeasureAt(double angle)
    {
        if (_recipe.HalfWidth is not null)
        {
            Rotate(angle);
            return Measure([]);
        }

        RotatedHistogram.CountOne(_cloud.X, _cloud.Y, angle, _recipe.Bins, _counts);
        return FromCounts();
    }

    /// <inheritdoc/>
    public void Rotate(double angle)
    {
        // Row vectors: z = x · [[cos, −sin], [sin, cos]].
        var (sine, cosine) = Math.SinCos(angle);
        Encode(cosine, sine, _first);
        Encode(-sine, cosine, _second);
    }

    /// <inheritdoc/>
    public double Measure(ReadOnlySpan<int> order)
    {
        Array.Clear(_counts);
        var bins = _recipe.Bins;
        if (order.IsEmpty)
        {
            for (var i = 0; i < _first.Length; i++)
            {
                _counts[(_first[i] * bins) + _second[i]]++;
            }
        }
        else
        {
            for (var i = 0; i < _first.Length; i++)
            {
                _counts[(_first[i] * bins) + _second[order[i]]]++;
            }
        }

        return FromCounts();
    }

    private double FromCounts()
    {
        var bins = _recipe.Bins;
        Array.Clear(_rows);
        Array.Clear(_columns);
        for (var cell = 0; cell < _counts.Length; cell++)
        {
            _rows[cell / bins] += _counts[cell];
            _columns[cell % bins] += _counts[cell];
        }

        var total = (double)_first.Length;
        double information = 0;
        var occupied = 0;
        for (var cell = 0; cell < _counts.Length; cell++)
        {
            if (_counts[cell] > 0)
            {
                occupied++;
                var joint = _counts[cell] / total;
                var product = _rows[cell / bins] / total * (_columns[cell % bins] / total);
                information += joint * Math.Log2((joint + _recipe.Smoothing) / (product + _recipe.Smoothing));
            }
        }

        var bias = (occupied - _rows.Count(n => n > 0) - _columns.Count(n => n > 0) + 1) / (2 * total * Math.Log(2));
        return information - (_recipe.CorrectsBias ? bias : 0);
    }

    /// <summary>The cell of a·x + b·y for every point.</summary>
    private void Encode(double a, double b, byte[] codes)
    {
        var (x, y) = (_cloud.X, _cloud.Y);
        var bins = _recipe.Bins;
        if (_recipe.HalfWidth is { } half)
        {
            for (var i = 0; i < codes.Length; i++)
            {
                // As published: the index is clipped just below the number of cells.
                codes[i] = (byte)Math.Clamp(((a * x[i]) + (b * y[i]) + half) / half * (bins / 2), 0, bins - 0.1);
            }

            return;
        }

        var (low, high) = Range(x, y, a, b);
        var scale = high > low ? bins / (high - low) : 0;
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)Math.Min((int)(((a * x[i]) + (b * y[i]) - low) * scale), bins - 1);
        }
    }

    private static (double Low, double High) Range(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double a, double b)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        var i = 0;
        if (x.Length >= Vector<double>.Count)
        {
            Vector<double> lows = new(low), highs = new(high);
            for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
            {
                var z = (a * new Vector<double>(x[i..])) + (b * new Vector<double>(y[i..]));
                lows = Vector.Min(lows, z);
                highs = Vector.Max(highs, z);
            }

            for (var lane = 0; lane < Vector<double>.Count; lane++)
            {
                (low, high) = (Math.Min(low, lows[lane]), Math.Max(high, highs[lane]));
            }
        }

        for (; i < x.Length; i++)
        {
            var z = (a * x[i]) + (b * y[i]);
            (low, high) = (Math.Min(low, z), Math.Max(high, z));
        }

        return (low, high);
    }
}
