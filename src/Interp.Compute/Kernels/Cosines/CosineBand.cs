using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>
/// Counts a band of a tile's rows with SIMD: eight cosines at a time give their bins, the running largest of their row and
/// of their columns, and the counts above the threshold.
/// </summary>
internal sealed class CosineBand
{
    /// <summary>Interleaved copies of the counts: nearly all values fall in few bins, and repeated stores to one would stall.</summary>
    private const int Copies = 8;

    /// <summary>Counters of 32 bits are emptied long before they can overflow.</summary>
    private const long FlushAfter = 1L << 31;

    private readonly uint[] _counters;
    private readonly long[] _counts;
    private readonly float _threshold;
    private long _sinceFlush;
    private long _above;
    private long _magnitudeAbove;
    private float _minimum = float.PositiveInfinity;

    public CosineBand(int bins, int tileRows, float threshold)
    {
        _counters = new uint[bins * Copies];
        _counts = new long[bins];
        _threshold = threshold;
        ColumnBest = new float[tileRows];
        ColumnBestRow = new int[tileRows];
        RowBest = new float[tileRows];
        RowBestColumn = new int[tileRows];
    }

    /// <summary>The largest cosine of each column of the last tile within this band, and the row in the tile where it is.</summary>
    public float[] ColumnBest { get; }

    /// <summary>See <see cref="ColumnBest"/>.</summary>
    public int[] ColumnBestRow { get; }

    /// <summary>The largest cosine of each row of this band of the last tile, and the column in the tile where it is.</summary>
    public float[] RowBest { get; }

    /// <summary>See <see cref="RowBest"/>.</summary>
    public int[] RowBestColumn { get; }

    /// <summary>Counts rows <paramref name="from"/> … <paramref name="to"/> of a tile.</summary>
    /// <param name="tile">Cosines, row-major.</param>
    /// <param name="width">Columns of the tile.</param>
    /// <param name="from">First row of the band.</param>
    /// <param name="to">One past its last row.</param>
    /// <param name="diagonal">Whether only columns after the row's own number count.</param>
    public unsafe void Count(float* tile, int width, int from, int to, bool diagonal)
    {
        Array.Fill(ColumnBest, float.NegativeInfinity, 0, width);
        fixed (uint* counters = _counters)
        fixed (float* columnBest = ColumnBest)
        fixed (int* columnBestRow = ColumnBestRow)
        {
            for (var row = from; row < to; row++)
            {
                var start = diagonal ? row + 1 : 0;
                CountRow(tile + ((long)row * width), start, width, row, row - from, counters, columnBest, columnBestRow);
            }
        }

        _sinceFlush += (long)width * Math.Max(to - from, 0);
        if (_sinceFlush > FlushAfter)
        {
            Flush();
        }
    }

    /// <summary>Adds everything counted to a tally.</summary>
    public void AddTo(CosineTally tally)
    {
        Flush();
        for (var bin = 0; bin < _counts.Length; bin++)
        {
            tally.Counts[bin] += _counts[bin];
        }

        tally.Minimum = Math.Min(tally.Minimum, _minimum);
        tally.Above += _above;
        tally.MagnitudeAbove += _magnitudeAbove;
    }

    private unsafe void CountRow(float* cosines, int start, int width, int row, int rowInBand, uint* counters, float* columnBest, int* columnBestRow)
    {
        var half = _counts.Length / 2;
        var scale = Vector256.Create((float)half);
        var lastBin = Vector256.Create(_counts.Length - 1);
        var threshold = Vector256.Create(_threshold);
        var minimum = Vector256.Create(_minimum);
        var best = Vector256.Create(float.NegativeInfinity);
        var bestColumn = Vector256<int>.Zero;
        var above = Vector256<int>.Zero;
        var magnitudeAbove = Vector256<int>.Zero;
        var rowNumber = Vector256.Create(row);
        var columns = Vector256<int>.Indices + Vector256.Create(start);
        var column = start;
        for (; column <= width - Vector256<float>.Count; column += Vector256<float>.Count)
        {
            var values = Vector256.Load(cosines + column);

            // A conversion truncates; the clamp to zero first makes that the floor. Cosines are finite and at most a hair above
            // one in magnitude, so the native forms, which leave NaN and overflow to the processor, are safe.
            var bins = Vector256.ConvertToInt32Native(Vector256.MaxNative((values * scale) + scale, Vector256<float>.Zero));
            Increment(counters, Vector256.Min(bins, lastBin));
            minimum = Vector256.MinNative(minimum, values);
            above -= Vector256.GreaterThan(values, threshold).AsInt32();
            magnitudeAbove -= Vector256.GreaterThan(Vector256.Abs(values), threshold).AsInt32();

            var larger = Vector256.GreaterThan(values, best);
            best = Vector256.ConditionalSelect(larger, values, best);
            bestColumn = Vector256.ConditionalSelect(larger.AsInt32(), columns, bestColumn);
            columns += Vector256.Create(Vector256<int>.Count);

            var oldBest = Vector256.Load(columnBest + column);
            var oldRow = Vector256.Load(columnBestRow + column);
            larger = Vector256.GreaterThan(values, oldBest);
            Vector256.ConditionalSelect(larger, values, oldBest).Store(columnBest + column);
            Vector256.ConditionalSelect(larger.AsInt32(), rowNumber, oldRow).Store(columnBestRow + column);
        }

        _above += Vector256.Sum(above);
        _magnitudeAbove += Vector256.Sum(magnitudeAbove);
        ReduceRow(best, bestColumn, minimum, rowInBand);
        for (; column < width; column++)
        {
            CountOne(cosines[column], column, row, rowInBand, half, counters, columnBest, columnBestRow);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Increment(uint* counters, Vector256<int> bins)
    {
        // Two bins a lane of 64 bits: half as many moves from vector to general registers.
        var pairs = bins.AsUInt64();
        Increment(counters, pairs.GetElement(0));
        Increment(counters + 2, pairs.GetElement(1));
        Increment(counters + 4, pairs.GetElement(2));
        Increment(counters + 6, pairs.GetElement(3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Increment(uint* counters, ulong pair)
    {
        counters[(nuint)(uint)pair * Copies]++;
        counters[((nuint)(pair >> 32) * Copies) + 1]++;
    }

    private void ReduceRow(Vector256<float> best, Vector256<int> bestColumn, Vector256<float> minimum, int rowInBand)
    {
        RowBest[rowInBand] = float.NegativeInfinity;
        RowBestColumn[rowInBand] = 0;
        for (var lane = 0; lane < Vector256<float>.Count; lane++)
        {
            _minimum = Math.Min(_minimum, minimum[lane]);
            var earlier = best[lane] == RowBest[rowInBand] && bestColumn[lane] < RowBestColumn[rowInBand];
            if (best[lane] > RowBest[rowInBand] || earlier)
            {
                RowBest[rowInBand] = best[lane];
                RowBestColumn[rowInBand] = bestColumn[lane];
            }
        }
    }

    /// <summary>The same for one cosine: the ends of rows.</summary>
    private unsafe void CountOne(float cosine, int column, int row, int rowInBand, int half, uint* counters, float* columnBest, int* columnBestRow)
    {
        var bin = Math.Min((int)Math.Max((cosine * half) + half, 0), (2 * half) - 1);
        counters[bin * Copies]++;
        _minimum = Math.Min(_minimum, cosine);
        _above += cosine > _threshold ? 1 : 0;
        _magnitudeAbove += Math.Abs(cosine) > _threshold ? 1 : 0;
        if (cosine > RowBest[rowInBand])
        {
            RowBest[rowInBand] = cosine;
            RowBestColumn[rowInBand] = column;
        }

        if (cosine > columnBest[column])
        {
            columnBest[column] = cosine;
            columnBestRow[column] = row;
        }
    }

    private void Flush()
    {
        for (var bin = 0; bin < _counts.Length; bin++)
        {
            for (var copy = 0; copy < Copies; copy++)
            {
                _counts[bin] += _counters[(bin * Copies) + copy];
            }
        }

        Array.Clear(_counters);
        _sinceFlush = 0;
    }
}
