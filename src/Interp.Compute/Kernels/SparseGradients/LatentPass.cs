using System.Numerics;
using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.ThresholdCodes;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>
/// One latent's gradients: its rows of the batch are read once, four at a time, and both of its gradient rows stay in cache. Holds a
/// worker's own memory.
/// </summary>
internal sealed unsafe class LatentPass<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Group = 4;

    private readonly LatentInputs<T> _inputs;
    private readonly NativeBuffer _memory = new();
    private readonly T* _byDecoder;
    private readonly T* _byEncoder;
    private readonly T** _upstream;
    private readonly T** _x;
    private readonly T* _codes;
    private readonly T* _byZ;
    private int _pending;

    public LatentPass(LatentInputs<T> inputs)
    {
        _inputs = inputs;
        var padded = ((inputs.Width * sizeof(T)) + 63) & ~63;
        _memory.Reserve((2L * padded) + (Group * 4 * sizeof(double)));
        var start = (byte*)_memory.Start;
        _byDecoder = (T*)start;
        _byEncoder = (T*)(start + padded);
        var rest = start + (2L * padded);
        _upstream = (T**)rest;
        _x = (T**)(rest + (Group * sizeof(double)));
        _codes = (T*)(rest + (2 * Group * sizeof(double)));
        _byZ = (T*)(rest + (3 * Group * sizeof(double)));
    }

    /// <summary>Takes a latent; its rows are good until the next one.</summary>
    public LatentGradient<T> Take(int latent)
    {
        var codes = _inputs.Codes;
        var column = latent / SparseCodes.TileLatents;
        var within = latent - (column * SparseCodes.TileLatents);
        var (theta, revival) = (_inputs.Thresholds[latent], _inputs.RevivalOf(latent));
        new Span<T>(_byDecoder, _inputs.Width).Clear();
        _inputs.StartEncoder(_byEncoder, revival);
        var sums = default(LatentSums<T>);
        var entries = 0;
        for (var row = 0; row < codes.RowTiles; row++)
        {
            var tile = codes.Tile(row, column);
            var (from, to) = (tile.LatentStarts[within], tile.LatentStarts[within + 1]);
            entries += to - from;
            if (to > from)
            {
                AddEntries(latent, theta, revival, tile.Rows + from, tile.ValuesByLatent<T>() + from, to - from, ref sums);
            }
        }

        Flush();
        return sums.Finish(_inputs, _byEncoder, _byDecoder, theta, revival, entries == 0);
    }

    public void Dispose() => _memory.Dispose();

    private void AddEntries(int latent, T theta, T revival, int* rows, T* values, int count, ref LatentSums<T> sums)
    {
        var (inputs, width) = (_inputs, _inputs.Width);
        var direction = inputs.Decoder + ((long)latent * width);
        for (var entry = 0; entry < count; entry++)
        {
            var at = (long)(rows[entry] >> CodeTile.Shift) * width;
            var byCode = RowArithmetic.Dot(inputs.Upstream + at, direction, width);
            var byZ = sums.Add(inputs, rows[entry], byCode, theta, revival);
            var isActive = (rows[entry] & CodeTile.Active) != 0;
            if (!isActive && !inputs.StepToInput)
            {
                continue;
            }

            _upstream[_pending] = inputs.Upstream + at;
            _x[_pending] = inputs.X + at;
            _codes[_pending] = isActive ? values[entry] : T.Zero;
            _byZ[_pending++] = byZ;
            if (_pending == Group)
            {
                Flush();
            }
        }
    }

    private void Flush()
    {
        RowArithmetic.AddScaled(_byDecoder, _upstream, _codes, _pending, _inputs.Width);
        RowArithmetic.AddScaled(_byEncoder, _x, _byZ, _pending, _inputs.Width);
        _pending = 0;
    }
}
