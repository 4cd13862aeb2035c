using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>
/// The version for the CPU: each tile of products goes into one reused buffer by libtorch's matrix product, then bands of
/// its rows are counted side by side, once through, with SIMD. Nothing is allocated in the loop over pairs; the number of
/// bands is fixed, so that the answer does not depend on the number of cores.
/// </summary>
internal sealed class CpuCosinePass : ICosinePass, IDisposable
{
    private const int Bands = 8;

    private readonly UnitRows _rows;
    private readonly CosineTally _tally;
    private readonly Tensor _values;
    private readonly Tensor _buffer;
    private readonly CosineBand[] _bands;

    public CpuCosinePass(UnitRows rows, CosineTally tally)
    {
        _rows = rows;
        _tally = tally;
        _values = rows.Values.cpu();
        var tile = (long)Math.Min(tally.TileRows, rows.Count);
        _buffer = empty(tile * tile, ScalarType.Float32);
        _bands = [.. Enumerable.Range(0, Bands).Select(_ => new CosineBand(tally.Counts.Length, (int)tile, (float)tally.Threshold))];
    }

    /// <inheritdoc/>
    public unsafe void Tile(int first, int second)
    {
        var height = Math.Min(_tally.TileRows, _rows.Count - first);
        var width = Math.Min(_tally.TileRows, _rows.Count - second);
        using (var scope = NewDisposeScope())
        {
            var right = _values.narrow(0, second, width).t();
            _buffer.narrow(0, 0, (long)height * width).view(height, width).addmm_(_values.narrow(0, first, height), right, 0, 1);
        }

        fixed (byte* bytes = _buffer.bytes)
        {
            var cosines = (nint)bytes;
            var rowsOfBand = (height + Bands - 1) / Bands;
            Parallel.For(0, Bands, band =>
            {
                var from = band * rowsOfBand;
                var to = Math.Min(from + rowsOfBand, height);
                _bands[band].Count((float*)cosines, width, from, to, first == second);
            });
            MergeBest(first, second, height, width, rowsOfBand);
        }
    }

    /// <inheritdoc/>
    public void Finish()
    {
        foreach (var band in _bands)
        {
            band.AddTo(_tally);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffer.Dispose();
        if (!ReferenceEquals(_values, _rows.Values))
        {
            _values.Dispose();
        }
    }

    /// <summary>Columns first: on the diagonal they bring the lower-numbered rows, and the first of equal ones is kept.</summary>
    private void MergeBest(int first, int second, int height, int width, int rowsOfBand)
    {
        foreach (var band in _bands)
        {
            for (var column = 0; column < width; column++)
            {
                _tally.Offer(second + column, band.ColumnBest[column], first + band.ColumnBestRow[column]);
            }
        }

        for (var row = 0; row < height; row++)
        {
            var band = _bands[row / rowsOfBand];
            var inBand = row % rowsOfBand;
            _tally.Offer(first + row, band.RowBest[inBand], second + band.RowBestColumn[inBand]);
        }
    }
}
