using System.Numerics;
using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.ThresholdCodes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseDecode;

/// <summary>Decodes row by row: a row's sum stays in cache while its directions are added four at a time.</summary>
/// <inheritdoc cref="DecodePass{T}"/>
internal sealed unsafe class RowDecoder<T>(SparseCodes codes, Tensor decoder, Tensor bias, Tensor? target, double scale, Tensor residual)
    : DecodePass<T>(codes, decoder, bias, target, scale, residual)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows whose residuals are summed together; the sums of blocks are added in their order.</summary>
    private const int BlockRows = 64;

    public override int Blocks => Rows.Blocks.Covering(Codes.Rows, BlockRows);

    public override int SumRows => Blocks;

    public override double Block(int block)
    {
        using var directions = new NativeBuffer();
        using var codes = new NativeBuffer();
        var squares = 0.0;
        for (var row = block * BlockRows; row < Math.Min((block + 1) * BlockRows, Codes.Rows); row++)
        {
            var count = Gather(row, directions, codes);
            var output = Residual + ((long)row * Width);
            new ReadOnlySpan<T>(Bias, Width).CopyTo(new Span<T>(output, Width));
            RowArithmetic.AddScaled(output, (T**)directions.Start, (T*)codes.Start, count, Width);
            squares += Finish(output, Target is null ? null : Target + ((long)row * Width), Sums + ((long)block * Width), Width);
        }

        return squares;
    }

    /// <summary>Lists the row's active directions and their codes.</summary>
    private int Gather(int row, NativeBuffer directions, NativeBuffer codes)
    {
        var count = 0;
        for (var column = 0; column < Codes.LatentTiles; column++)
        {
            var tile = Codes.Tile(row / SparseCodes.TileRows, column);
            var (from, to) = (tile.RowStarts[row - tile.FirstRow], tile.RowStarts[row - tile.FirstRow + 1]);
            directions.Reserve((count + to - from) * (long)sizeof(T*));
            codes.Reserve((count + to - from) * (long)sizeof(T));
            for (var entry = from; entry < to; entry++)
            {
                var latent = tile.Latents[entry];
                if ((latent & CodeTile.Active) != 0)
                {
                    ((T**)directions.Start)[count] = Decoder + ((long)(latent >> CodeTile.Shift) * Width);
                    ((T*)codes.Start)[count++] = tile.ValuesByRow<T>()[entry];
                }
            }
        }

        return count;
    }
}
