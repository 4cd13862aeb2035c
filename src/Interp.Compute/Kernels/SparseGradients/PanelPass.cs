using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.ThresholdCodes;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>
/// The gradients of a chunk of latents where each has many entries: panel by panel of the upstream gradient, df and the directions'
/// gradient, then panel by panel of the inputs, the encoder's. A panel's part of a latent's gradient row stays in four registers.
/// </summary>
internal sealed unsafe class PanelPass<T>(LatentInputs<T> inputs, Panels<T> upstream, Panels<T> x, PanelScratch scratch)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The latents of a chunk.</summary>
    public const int ChunkLatents = 2 * SparseCodes.TileLatents;

    private readonly LatentGradient<T>[] _taken = new LatentGradient<T>[ChunkLatents];

    private int* Starts => (int*)scratch.Starts.Start;

    private int* Rows => (int*)scratch.Rows.Start;

    private T* Codes => (T*)scratch.Codes.Start;

    private T* ByCode => (T*)scratch.ByCode.Start;

    /// <summary>Takes latents from one on.</summary>
    /// <returns>Their gradients, good until the next chunk.</returns>
    public ReadOnlySpan<LatentGradient<T>> Take(int first, int count)
    {
        var width = inputs.Width;
        scratch.Gradients.Reserve(2L * count * width * sizeof(T));
        var byDecoder = (T*)scratch.Gradients.Start;
        var byEncoder = byDecoder + ((long)count * width);
        Gather(first, count);
        for (var panel = 0; panel < width / Panels<T>.Columns; panel++)
        {
            var column = panel * Panels<T>.Columns;
            for (var latent = 0; latent < count; latent++)
            {
                Decoder(upstream[panel], inputs.Decoder + ((long)(first + latent) * width) + column, Starts[latent], Starts[latent + 1], byDecoder + ((long)latent * width) + column);
            }
        }

        for (var latent = 0; latent < count; latent++)
        {
            _taken[latent] = Finish(first, latent, byEncoder + ((long)latent * width), byDecoder + ((long)latent * width));
        }

        for (var panel = 0; panel < width / Panels<T>.Columns; panel++)
        {
            for (var latent = 0; latent < count; latent++)
            {
                Encoder(x[panel], Starts[latent], Starts[latent + 1], byEncoder + ((long)latent * width) + (panel * Panels<T>.Columns));
            }
        }

        return _taken.AsSpan(0, count);
    }

    /// <summary>Puts the chunk's entries together, latent by latent.</summary>
    private void Gather(int first, int count)
    {
        scratch.Starts.Reserve((count + 1L) * sizeof(int));
        Starts[0] = 0;
        var entries = 0;
        for (var latent = first; latent < first + count; latent++)
        {
            for (var row = 0; row < inputs.Codes.RowTiles; row++)
            {
                var tile = inputs.Codes.Tile(row, latent / SparseCodes.TileLatents);
                var within = latent - tile.FirstLatent;
                var (from, to) = (tile.LatentStarts[within], tile.LatentStarts[within + 1]);
                scratch.Rows.Reserve((entries + (long)to - from) * sizeof(int));
                scratch.Codes.Reserve((entries + (long)to - from) * sizeof(T));
                for (var entry = from; entry < to; entry++)
                {
                    Rows[entries] = tile.Rows[entry];
                    Codes[entries++] = (tile.Rows[entry] & CodeTile.Active) != 0 ? tile.ValuesByLatent<T>()[entry] : T.Zero;
                }
            }

            Starts[latent - first + 1] = entries;
        }

        scratch.ByCode.Reserve((long)entries * sizeof(T));
        new Span<T>(ByCode, entries).Clear();
    }

    /// <summary>Adds a panel's part of df of every entry, and writes the panel's part of the direction's gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Decoder(T* panel, T* direction, int from, int to, T* gradient)
    {
        var lanes = Vector512<T>.Count;
        var (direction0, direction1) = (Vector512.Load(direction), Vector512.Load(direction + lanes));
        var (direction2, direction3) = (Vector512.Load(direction + (2 * lanes)), Vector512.Load(direction + (3 * lanes)));
        var (sum0, sum1, sum2, sum3) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
        int* rows = Rows;
        T* codes = Codes, byCode = ByCode;
        for (var entry = from; entry < to; entry++)
        {
            var row = panel + ((long)(rows[entry] >> CodeTile.Shift) * (4 * lanes));
            var (row0, row1) = (Vector512.Load(row), Vector512.Load(row + lanes));
            var (row2, row3) = (Vector512.Load(row + (2 * lanes)), Vector512.Load(row + (3 * lanes)));
            var code = Vector512.Create(codes[entry]);
            var left = RowArithmetic.MultiplyAdd(row1, direction1, row0 * direction0);
            var right = RowArithmetic.MultiplyAdd(row3, direction3, row2 * direction2);
            byCode[entry] += Vector512.Sum(left + right);
            sum0 = RowArithmetic.MultiplyAdd(row0, code, sum0);
            sum1 = RowArithmetic.MultiplyAdd(row1, code, sum1);
            sum2 = RowArithmetic.MultiplyAdd(row2, code, sum2);
            sum3 = RowArithmetic.MultiplyAdd(row3, code, sum3);
        }

        sum0.Store(gradient);
        sum1.Store(gradient + lanes);
        sum2.Store(gradient + (2 * lanes));
        sum3.Store(gradient + (3 * lanes));
    }

    /// <summary>Adds a panel's part of the encoder's gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Encoder(T* panel, int from, int to, T* gradient)
    {
        var lanes = Vector512<T>.Count;
        var (sum0, sum1) = (Vector512.Load(gradient), Vector512.Load(gradient + lanes));
        var (sum2, sum3) = (Vector512.Load(gradient + (2 * lanes)), Vector512.Load(gradient + (3 * lanes)));
        int* rows = Rows;
        var byZ = ByCode;
        for (var entry = from; entry < to; entry++)
        {
            var row = panel + ((long)(rows[entry] >> CodeTile.Shift) * (4 * lanes));
            var factor = Vector512.Create(byZ[entry]);
            sum0 = RowArithmetic.MultiplyAdd(Vector512.Load(row), factor, sum0);
            sum1 = RowArithmetic.MultiplyAdd(Vector512.Load(row + lanes), factor, sum1);
            sum2 = RowArithmetic.MultiplyAdd(Vector512.Load(row + (2 * lanes)), factor, sum2);
            sum3 = RowArithmetic.MultiplyAdd(Vector512.Load(row + (3 * lanes)), factor, sum3);
        }

        sum0.Store(gradient);
        sum1.Store(gradient + lanes);
        sum2.Store(gradient + (2 * lanes));
        sum3.Store(gradient + (3 * lanes));
    }

    /// <summary>Turns df into the weights of the inputs, and sums the rest.</summary>
    private LatentGradient<T> Finish(int first, int latent, T* byEncoder, T* byDecoder)
    {
        var (theta, revival) = (inputs.Thresholds[first + latent], inputs.RevivalOf(first + latent));
        var sums = default(LatentSums<T>);
        for (var entry = Starts[latent]; entry < Starts[latent + 1]; entry++)
        {
            ByCode[entry] = sums.Add(inputs, Rows[entry], ByCode[entry], theta, revival);
        }

        inputs.StartEncoder(byEncoder, revival);
        return sums.Finish(inputs, byEncoder, byDecoder, theta, revival, Starts[latent] == Starts[latent + 1]);
    }
}
