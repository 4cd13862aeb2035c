using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Geometry;

/// <summary>
/// The absolute cosines of all pairs of directions: the greatest (the coherence μ), each direction's greatest, and a fine histogram.
/// O(n²·d) time in tiles, O(tile·n) memory.
/// </summary>
internal sealed class PairCoherence
{
    private const int Bins = 1 << 15;
    private const int TileRows = 512;

    /// <summary>Up to here pairs are compared in float64.</summary>
    private const int LargestPrecise = 2048;

    private readonly long[] _counts;
    private readonly double[] _sorted;

    private PairCoherence(long[] counts, double[] atomMaxima)
    {
        _counts = counts;
        _sorted = [.. atomMaxima.Order()];
        Maximum = _sorted.Length > 0 ? _sorted[^1] : double.NaN;
        Pairs = counts.Sum();
    }

    /// <summary>μ; NaN with fewer than two directions.</summary>
    public double Maximum { get; }

    /// <summary>The pairs.</summary>
    public long Pairs { get; }

    /// <summary>Compares directions.</summary>
    /// <param name="rows">One direction a row <c>[n, d]</c>, of any length but zero; whitened for the atomic inner product.</param>
    /// <param name="cancellation">Looked at between tiles.</param>
    public static PairCoherence Of(Tensor rows, CancellationToken cancellation = default)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var count = (int)rows.shape[0];
        var wide = rows.to(ScalarType.Float64);
        var unit = wide / wide.norm(1, keepdim: true).clamp_min(1e-300);
        unit = count <= LargestPrecise ? unit : unit.to(ScalarType.Float32);
        var counts = new long[Bins];
        var maxima = new double[count];
        for (var first = 0; first < count && count > 1; first += TileRows)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var height = Math.Min(TileRows, count - first);
            var cosines = unit.narrow(0, first, height).matmul(unit.t()).abs().clamp_max(1).to(ScalarType.Float64);
            Tally(MemoryMarshal.Cast<byte, double>(cosines.contiguous().bytes), first, height, count, counts, maxima);
        }

        return new PairCoherence(counts, count > 1 ? maxima : []);
    }

    /// <summary>The share of pairs whose cosine is below a bound, linear inside a bin.</summary>
    public double ShareOfPairsBelow(double bound)
    {
        if (bound > Maximum)
        {
            return 1;
        }

        var place = Math.Clamp(bound, 0, 1) * Bins;
        var bin = Math.Min((int)place, Bins - 1);
        long below = 0;
        for (var i = 0; i < bin; i++)
        {
            below += _counts[i];
        }

        return (below + (_counts[bin] * (place - bin))) / Pairs;
    }

    /// <summary>The share of directions whose greatest cosine is below a bound.</summary>
    public double ShareOfAtomsBelow(double bound)
    {
        var below = 0;
        while (below < _sorted.Length && _sorted[below] < bound)
        {
            below++;
        }

        return (double)below / _sorted.Length;
    }

    /// <summary>The q-quantile of the pairs' cosines, to the width of a bin.</summary>
    public double PairQuantile(double q)
    {
        var wanted = q * Pairs;
        long seen = 0;
        for (var bin = 0; bin < Bins; bin++)
        {
            if (_counts[bin] > 0 && seen + _counts[bin] >= wanted)
            {
                return Math.Min((bin + ((wanted - seen) / _counts[bin])) / Bins, Maximum);
            }

            seen += _counts[bin];
        }

        return Maximum;
    }

    /// <summary>The q-quantile over directions of their greatest cosine.</summary>
    public double AtomQuantile(double q) => _sorted.Length == 0 ? double.NaN : _sorted[Math.Clamp((int)Math.Ceiling(q * _sorted.Length) - 1, 0, _sorted.Length - 1)];

    private static void Tally(ReadOnlySpan<double> cosines, int first, int height, int count, long[] counts, double[] maxima)
    {
        for (var row = 0; row < height; row++)
        {
            var line = cosines.Slice(row * count, count);
            var place = first + row;
            var largest = 0.0;
            for (var column = 0; column < count; column++)
            {
                if (column == place)
                {
                    continue;
                }

                largest = Math.Max(largest, line[column]);
                if (column > place)
                {
                    counts[Math.Min((int)(line[column] * Bins), Bins - 1)]++;
                }
            }

            maxima[place] = largest;
        }
    }
}
