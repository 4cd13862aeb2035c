using System.Numerics;
using System.Runtime.Intrinsics;
using Interp.Compute.Kernels.Rows;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.ThresholdCodes;

/// <summary>
/// The version for the CPU: threads take tiles of rows by latents; each multiplies its tile on its own core, then looks through it while
/// it is in cache. A tile's entries do not depend on the number of threads.
/// </summary>
internal static unsafe class CpuThresholdEncoder
{
    /// <inheritdoc cref="ThresholdEncoder.Encode"/>
    public static bool Encode<T>(Tensor x, Tensor encoder, Tensor bias, Tensor thresholds, double bandwidth, SparseCodes codes, long most)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scope = NewDisposeScope();
        var workers = Blocks.Workers;
        var buffers = new Tensor[workers];
        var (biases, thetas) = ((nint)TensorMemory.Of<T>(bias), (nint)TensorMemory.Of<T>(thresholds));
        var half = T.CreateChecked(bandwidth / 2);
        var found = 0L;
        for (var worker = 0; worker < workers; worker++)
        {
            buffers[worker] = empty(Math.Min(SparseCodes.TileRows, x.shape[0]) * Math.Min(SparseCodes.TileLatents, encoder.shape[0]), x.dtype);
        }

        Blocks.Run(codes.TileCount, workers, (block, worker) =>
        {
            if (Interlocked.Read(ref found) > most)
            {
                return;
            }

            var tile = codes.Tile(block / codes.LatentTiles, block % codes.LatentTiles);
            Multiply(x, encoder, tile, buffers[worker]);
            Compact(tile, TensorMemory.Of<T>(buffers[worker]), (T*)biases + tile.FirstLatent, (T*)thetas + tile.FirstLatent, half);
            if (Interlocked.Add(ref found, tile.Count) <= most)
            {
                tile.Transpose<T>();
            }
        });
        return found <= most;
    }

    private static void Multiply(Tensor x, Tensor encoder, CodeTile tile, Tensor buffer)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var rows = x.narrow(0, tile.FirstRow, tile.RowCount);
        var latents = encoder.narrow(0, tile.FirstLatent, tile.LatentCount).t();
        _ = buffer.narrow(0, 0, (long)tile.RowCount * tile.LatentCount).view(tile.RowCount, tile.LatentCount).addmm_(rows, latents, 0, 1);
    }

    private static void Compact<T>(CodeTile tile, T* products, T* biases, T* thetas, T half)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var cuts = stackalloc T[SparseCodes.TileLatents];
        for (var latent = 0; latent < tile.LatentCount; latent++)
        {
            cuts[latent] = Cut(biases[latent], thetas[latent], half);
        }

        var count = 0;
        for (var row = 0; row < tile.RowCount; row++)
        {
            tile.ReserveRow<T>(count);
            count = CompactRow(tile, products + ((long)row * tile.LatentCount), cuts, biases, thetas, half, count);
            tile.RowStarts[row + 1] = count;
        }

        tile.End(count);
    }

    /// <summary>A product at or below this is no entry, however sums round; the few above it are looked at exactly.</summary>
    private static T Cut<T>(T bias, T theta, T half)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var slack = (T.Abs(bias) + T.Abs(theta) + half) * T.CreateChecked(8) * (T.BitIncrement(T.One) - T.One);
        return theta - half - bias - slack;
    }

    /// <summary>Most vectors hold no entry: four of them cost four loads and four comparisons.</summary>
    private static int CompactRow<T>(CodeTile tile, T* products, T* cuts, T* biases, T* thetas, T half, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (width, k) = (tile.LatentCount, 0);
        if (Vector512.IsHardwareAccelerated)
        {
            var lanes = Vector512<T>.Count;
            for (; k <= width - (4 * lanes); k += 4 * lanes)
            {
                var first = Vector512.LessThanOrEqual(Vector512.Load(products + k), Vector512.Load(cuts + k));
                var second = Vector512.LessThanOrEqual(Vector512.Load(products + k + lanes), Vector512.Load(cuts + k + lanes));
                var third = Vector512.LessThanOrEqual(Vector512.Load(products + k + (2 * lanes)), Vector512.Load(cuts + k + (2 * lanes)));
                var fourth = Vector512.LessThanOrEqual(Vector512.Load(products + k + (3 * lanes)), Vector512.Load(cuts + k + (3 * lanes)));
                var bits = first.ExtractMostSignificantBits() | (second.ExtractMostSignificantBits() << lanes)
                    | (third.ExtractMostSignificantBits() << (2 * lanes)) | (fourth.ExtractMostSignificantBits() << (3 * lanes));
                bits = ~bits & (ulong.MaxValue >> (64 - (4 * lanes)));
                if (bits != 0)
                {
                    count = Keep(bits, k, tile, products, biases, thetas, half, count);
                }
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            var lanes = Vector256<T>.Count;
            for (; k <= width - (2 * lanes); k += 2 * lanes)
            {
                var first = Vector256.LessThanOrEqual(Vector256.Load(products + k), Vector256.Load(cuts + k));
                var second = Vector256.LessThanOrEqual(Vector256.Load(products + k + lanes), Vector256.Load(cuts + k + lanes));
                var bits = first.ExtractMostSignificantBits() | (second.ExtractMostSignificantBits() << lanes);
                bits = ~bits & ((1u << (2 * lanes)) - 1);
                if (bits != 0)
                {
                    count = Keep(bits, k, tile, products, biases, thetas, half, count);
                }
            }
        }

        for (; k < width; k++)
        {
            count = Keep(1, k, tile, products, biases, thetas, half, count);
        }

        return count;
    }

    /// <summary>Writes the entries among candidates. What is not a number counts as active, so that it reaches the loss.</summary>
    private static int Keep<T>(ulong bits, int at, CodeTile tile, T* products, T* biases, T* thetas, T half, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var latents = tile.Latents;
        var values = tile.ValuesByRow<T>();
        for (; bits != 0; bits &= bits - 1)
        {
            var latent = at + BitOperations.TrailingZeroCount(bits);
            var z = products[latent] + biases[latent];
            var over = z - thetas[latent];
            var flags = (over <= T.Zero ? 0 : CodeTile.Active) | (T.Abs(over) < half ? CodeTile.Window : 0);
            latents[count] = ((tile.FirstLatent + latent) << CodeTile.Shift) | flags;
            values[count] = z;
            count += flags != 0 ? 1 : 0;
        }

        return count;
    }
}
