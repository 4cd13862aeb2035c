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
    private readonly T** _upstream;
    private readonly T** _x;
    private readonly T* _codes;
    private readonly T* _byZ;

    public LatentPass(LatentInputs<T> inputs)
    {
        _inputs = inputs;
        var padded = ((inputs.Width * sizeof(T)) + 63) & ~63;
        _memory.Reserve((2L * padded) + (Group * 4 * sizeof(double)));
        var start = (byte*)_memory.Start;
        ByDecoder = (T*)start;
        ByEncoder = (T*)(start + padded);
        var rest = start + (2L * padded);
        _upstream = (T**)rest;
        _x = (T**)(rest + (Group * sizeof(double)));
        _codes = (T*)(rest + (2 * Group * sizeof(double)));
        _byZ = (T*)(rest + (3 * Group * sizeof(double)));
    }

    /// <summary>The gradient of the latent's direction.</summary>
    public T* ByDecoder { get; }

    /// <summary>The gradient of the latent's encoder row.</summary>
    public T* ByEncoder { get; }

    /// <summary>The gradient of the encoder's bias.</summary>
    public T ByBias { get; private set; }

    /// <summary>The gradient of the threshold.</summary>
    public T ByThreshold { get; private set; }

    /// <summary>The rows that the latent is active on.</summary>
    public int Firings { get; private set; }

    /// <summary>Takes a latent.</summary>
    /// <returns>Whether it has any gradient; if not, the gradient rows hold nothing of use.</returns>
    public bool Take(int latent)
    {
        var codes = _inputs.Codes;
        var column = latent / SparseCodes.TileLatents;
        var within = latent - (column * SparseCodes.TileLatents);
        var revives = _inputs.Revived is not null && _inputs.Revived[latent] != T.Zero;
        Begin(latent, revives);
        var sums = default(Sums);
        var entries = 0;
        for (var row = 0; row < codes.RowTiles; row++)
        {
            var tile = codes.Tile(row, column);
            var (from, to) = (tile.LatentStarts[within], tile.LatentStarts[within + 1]);
            entries += to - from;
            if (to > from)
            {
                AddEntries(latent, revives, tile.Rows + from, tile.ValuesByLatent<T>() + from, to - from, ref sums);
            }
        }

        Flush(ref sums);
        Finish(latent, revives, sums);
        return entries > 0 || revives;
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>Rows where a latent to be revived lies below its threshold pull alike: all rows here, the active ones taken back one by one.</summary>
    private void Begin(int latent, bool revives)
    {
        var width = _inputs.Width;
        new Span<T>(ByDecoder, width).Clear();
        new Span<T>(ByEncoder, width).Clear();
        if (revives)
        {
            RowArithmetic.AddScaled(ByEncoder, _inputs.SumOfX, -_inputs.Revival * _inputs.Revived[latent], width);
        }
    }

    private void AddEntries(int latent, bool revives, int* rows, T* values, int count, ref Sums sums)
    {
        var (inputs, width) = (_inputs, _inputs.Width);
        var direction = inputs.Decoder + ((long)latent * width);
        var theta = inputs.Thresholds[latent];
        for (var entry = 0; entry < count; entry++)
        {
            var at = (long)(rows[entry] >> CodeTile.Shift) * width;
            var byCode = RowArithmetic.Dot(inputs.Upstream + at, direction, width);
            var isActive = (rows[entry] & CodeTile.Active) != 0;
            var isInWindow = (rows[entry] & CodeTile.Window) != 0;
            var byZ = isActive ? byCode : T.Zero;
            if (isInWindow)
            {
                sums.Window += byCode;
                sums.Windowed++;
                byZ += inputs.StepToInput ? ((theta * byCode) + inputs.Slope) * inputs.InverseBandwidth : T.Zero;
            }

            if (!isActive && !(isInWindow && inputs.StepToInput))
            {
                continue;
            }

            sums.Bias += byZ;
            sums.Active += isActive ? 1 : 0;
            _upstream[sums.Pending] = inputs.Upstream + at;
            _x[sums.Pending] = inputs.X + at;
            _codes[sums.Pending] = isActive ? values[entry] : T.Zero;
            _byZ[sums.Pending++] = isActive && revives ? byZ + (inputs.Revival * inputs.Revived[latent]) : byZ;
            if (sums.Pending == Group)
            {
                Flush(ref sums);
            }
        }
    }

    private void Flush(ref Sums sums)
    {
        RowArithmetic.AddScaled(ByDecoder, _upstream, _codes, sums.Pending, _inputs.Width);
        RowArithmetic.AddScaled(ByEncoder, _x, _byZ, sums.Pending, _inputs.Width);
        sums.Pending = 0;
    }

    private void Finish(int latent, bool revives, Sums sums)
    {
        ByBias = sums.Bias;
        Firings = sums.Active;
        ByThreshold = ((_inputs.Thresholds[latent] * sums.Window) + (_inputs.Slope * T.CreateChecked(sums.Windowed))) * -_inputs.InverseBandwidth;
        if (revives)
        {
            var pull = _inputs.Revival * _inputs.Revived[latent] * T.CreateChecked(_inputs.Codes.Rows - sums.Active);
            ByBias -= pull;
            ByThreshold += pull;
        }
    }

    private struct Sums
    {
        public T Window;
        public T Bias;
        public int Windowed;
        public int Active;
        public int Pending;
    }
}
