using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Interp.Compute;
using TorchSharp;

namespace Interp.Analysis.Activations.Capture;

/// <summary>
/// Lengths and mean of one hook's rows as they arrive. Float64, row after row, so that the numbers do not depend on the batches in which
/// the rows come: a capture that was continued, or merged from parts, gives the same.
/// </summary>
internal sealed class RowStatistics(string name, int width)
{
    private const int BinsPerDecade = 20;
    private const int LowestDecade = -8;
    private const int Decades = 16;
    private const int RowsAtOnce = 1024;

    private readonly double[] _columns = new double[width];
    private readonly long[] _counts = new long[BinsPerDecade * Decades];
    private long _rows;
    private double _sum;
    private double _squares;
    private double _largest;

    /// <summary>The length of every row, float64, the same whatever the rows beside it.</summary>
    /// <param name="rows"><c>[n, width]</c> float32 on the CPU, contiguous.</param>
    public static double[] Norms(torch.Tensor rows)
    {
        var norms = new double[rows.shape[0]];
        var done = 0;
        Walk(rows, row => norms[done++] = Math.Sqrt(Squares(row)));
        return norms;
    }

    /// <summary>Adds rows.</summary>
    /// <param name="rows"><c>[n, width]</c> float32 on the CPU, contiguous.</param>
    /// <exception cref="InterpException">A number is not finite.</exception>
    public void Add(torch.Tensor rows) => Walk(rows, Add);

    /// <summary>What was seen; empty bins at both ends are left out.</summary>
    public CapturedHook Summary()
    {
        var first = Math.Max(0, Array.FindIndex(_counts, count => count > 0));
        var last = Math.Max(first, Array.FindLastIndex(_counts, count => count > 0));
        var meanSquare = _columns.Sum(sum => sum / _rows * (sum / _rows));
        return new CapturedHook(
            name,
            width,
            _sum / _rows,
            _largest,
            _squares > 0 ? meanSquare * _rows / _squares : double.NaN,
            [.. Enumerable.Range(first, last - first + 2).Select(i => LowestDecade + ((double)i / BinsPerDecade))],
            _counts[first..(last + 1)]);
    }

    private void Add(ReadOnlySpan<float> row)
    {
        var squares = Squares(row);
        if (!double.IsFinite(squares))
        {
            throw new InterpException($"{name} has numbers that are not finite: load the model in float32 or bfloat16");
        }

        var norm = Math.Sqrt(squares);
        _rows++;
        _sum += norm;
        _squares += squares;
        _largest = Math.Max(_largest, norm);
        var bin = norm > 0 ? (int)Math.Floor((Math.Log10(norm) - LowestDecade) * BinsPerDecade) : 0;
        _counts[Math.Clamp(bin, 0, _counts.Length - 1)]++;
        AddColumns(row);
    }

    private void AddColumns(ReadOnlySpan<float> row)
    {
        var k = 0;
        for (; k + Vector256<float>.Count <= row.Length; k += Vector256<float>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(row[k..]));
            (Vector256.Create(_columns.AsSpan(k)) + low).CopyTo(_columns, k);
            (Vector256.Create(_columns.AsSpan(k + Vector256<double>.Count)) + high).CopyTo(_columns, k + Vector256<double>.Count);
        }

        for (; k < row.Length; k++)
        {
            _columns[k] += row[k];
        }
    }

    // Vectors of a fixed size, so that every processor adds in the same order.
    private static double Squares(ReadOnlySpan<float> row)
    {
        var (even, odd) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var k = 0;
        for (; k + Vector256<float>.Count <= row.Length; k += Vector256<float>.Count)
        {
            var (low, high) = Vector256.Widen(Vector256.Create(row[k..]));
            even += low * low;
            odd += high * high;
        }

        var squares = Vector256.Sum(even + odd);
        for (; k < row.Length; k++)
        {
            squares += (double)row[k] * row[k];
        }

        return squares;
    }

    // In pieces, since a span holds 2 GB at most.
    private static void Walk(torch.Tensor rows, RowAction action)
    {
        var (count, length) = (rows.shape[0], (int)rows.shape[1]);
        for (long first = 0; first < count; first += RowsAtOnce)
        {
            using var piece = rows.narrow(0, first, Math.Min(RowsAtOnce, count - first));
            var values = MemoryMarshal.Cast<byte, float>(piece.bytes);
            for (var start = 0; start < values.Length; start += length)
            {
                action(values.Slice(start, length));
            }
        }
    }

    private delegate void RowAction(ReadOnlySpan<float> row);
}
