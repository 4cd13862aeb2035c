using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.ThresholdCodes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseDecode;

/// <summary>
/// Decodes where rows have many active latents: a panel of few columns of a tile's rows stays in a core's second cache while all latents pass
/// by in order, each with its part of the direction in four registers. Every number is summed in the order of latents, as row by row.
/// </summary>
/// <inheritdoc cref="DecodePass{T}"/>
internal sealed unsafe class PanelDecoder<T>(SparseCodes codes, Tensor decoder, Tensor bias, Tensor? target, double scale, Tensor residual)
    : DecodePass<T>(codes, decoder, bias, target, scale, residual)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The panels of all tiles of rows.</summary>
    public override int Blocks => Codes.RowTiles * PanelCount;

    public override int SumRows => Codes.RowTiles;

    private int PanelCount => Width / Panels<T>.Columns;

    /// <summary>Takes a panel of a tile of rows.</summary>
    /// <returns>Its squared errors.</returns>
    public override double Block(int block)
    {
        var (rowTile, column) = (block / PanelCount, block % PanelCount * Panels<T>.Columns);
        var (first, rows) = (Codes.Tile(rowTile, 0).FirstRow, Codes.Tile(rowTile, 0).RowCount);
        using var memory = new NativeBuffer();
        memory.Reserve((long)rows * Panels<T>.Columns * sizeof(T));
        var panel = (T*)memory.Start;
        for (var row = 0; row < rows; row++)
        {
            new ReadOnlySpan<T>(Bias + column, Panels<T>.Columns).CopyTo(new Span<T>(panel + ((long)row * Panels<T>.Columns), Panels<T>.Columns));
        }

        for (var latentTile = 0; latentTile < Codes.LatentTiles; latentTile++)
        {
            Add(Codes.Tile(rowTile, latentTile), panel - ((long)first * Panels<T>.Columns), Decoder + column);
        }

        var squares = 0.0;
        for (var row = 0; row < rows; row++)
        {
            var at = ((long)(first + row) * Width) + column;
            var values = panel + ((long)row * Panels<T>.Columns);
            squares += Finish(values, Target is null ? null : Target + at, Sums + ((long)rowTile * Width) + column, Panels<T>.Columns);
            new ReadOnlySpan<T>(values, Panels<T>.Columns).CopyTo(new Span<T>(Residual + at, Panels<T>.Columns));
        }

        return squares;
    }

    /// <summary>Adds a tile's latents to its rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(CodeTile tile, T* panel, T* decoder)
    {
        var lanes = Vector512<T>.Count;
        int* starts = tile.LatentStarts, places = tile.Rows;
        var values = tile.ValuesByLatent<T>();
        for (var latent = 0; latent < tile.LatentCount; latent++)
        {
            var (entry, end) = (starts[latent], starts[latent + 1]);
            if (entry == end)
            {
                continue;
            }

            var direction = decoder + ((long)(tile.FirstLatent + latent) * Width);
            var (part0, part1) = (Vector512.Load(direction), Vector512.Load(direction + lanes));
            var (part2, part3) = (Vector512.Load(direction + (2 * lanes)), Vector512.Load(direction + (3 * lanes)));
            for (; entry < end; entry++)
            {
                if ((places[entry] & CodeTile.Active) == 0)
                {
                    continue;
                }

                var row = panel + ((long)(places[entry] >> CodeTile.Shift) * (4 * lanes));
                var code = Vector512.Create(values[entry]);
                RowArithmetic.MultiplyAdd(part0, code, Vector512.Load(row)).Store(row);
                RowArithmetic.MultiplyAdd(part1, code, Vector512.Load(row + lanes)).Store(row + lanes);
                RowArithmetic.MultiplyAdd(part2, code, Vector512.Load(row + (2 * lanes))).Store(row + (2 * lanes));
                RowArithmetic.MultiplyAdd(part3, code, Vector512.Load(row + (3 * lanes))).Store(row + (3 * lanes));
            }
        }
    }
}
