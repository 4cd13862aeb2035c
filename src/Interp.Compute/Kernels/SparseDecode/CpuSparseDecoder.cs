using System.Numerics;
using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.ThresholdCodes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseDecode;

/// <summary>The version for the CPU: threads take blocks of rows; a row's sum stays in cache while its directions are added four at a time.</summary>
internal static unsafe class CpuSparseDecoder
{
    /// <summary>Rows whose residuals are summed together; the sums of blocks are added in their order.</summary>
    private const int BlockRows = 64;

    /// <summary>From this many entries a row panels are used: chosen for d = 768, not tuned for other widths.</summary>
    private const int PanelsFrom = 16;

    /// <inheritdoc cref="SparseDecoder.Residual"/>
    public static double Residual<T>(SparseCodes codes, Tensor decoder, Tensor bias, Tensor? target, double scale, Tensor residual, Tensor sum)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scope = NewDisposeScope();
        var width = (int)bias.numel();
        var byPanels = Panels<T>.Fit(width) && codes.Count >= (long)PanelsFrom * codes.Rows;
        var sums = zeros([byPanels ? codes.RowTiles : Blocks.Covering(codes.Rows, BlockRows), width], codes.Type);
        var (blocks, work) = byPanels ? ByPanels<T>(codes, decoder, bias, target, scale, residual, sums) : ByRows<T>(codes, decoder, bias, target, scale, residual, sums);
        var squares = new double[blocks];
        Blocks.Run(blocks, Blocks.Workers, (block, _) => squares[block] = work(block));
        _ = sum.copy_(RowSums.Of<T>(sums));
        return squares.Sum();
    }

    private static (int Blocks, Func<int, double> Work) ByPanels<T>(SparseCodes codes, Tensor decoder, Tensor bias, Tensor? target, double scale, Tensor residual, Tensor sums)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var pass = new PanelDecoder<T>
        {
            Codes = codes,
            Decoder = TensorMemory.Of<T>(decoder),
            Bias = TensorMemory.Of<T>(bias),
            Target = target is null ? null : TensorMemory.Of<T>(target),
            Residual = TensorMemory.Of<T>(residual),
            Sums = TensorMemory.Of<T>(sums),
            Width = (int)bias.numel(),
            Scale = T.CreateChecked(scale),
        };
        return (pass.Blocks, pass.Block);
    }

    private static (int Blocks, Func<int, double> Work) ByRows<T>(SparseCodes codes, Tensor decoder, Tensor bias, Tensor? target, double scale, Tensor residual, Tensor sums)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var pass = new Pass<T>
        {
            Codes = codes,
            Decoder = TensorMemory.Of<T>(decoder),
            Bias = TensorMemory.Of<T>(bias),
            Target = target is null ? null : TensorMemory.Of<T>(target),
            Residual = TensorMemory.Of<T>(residual),
            Sums = TensorMemory.Of<T>(sums),
            Width = (int)bias.numel(),
            Scale = T.CreateChecked(scale),
        };
        return (Blocks.Covering(codes.Rows, BlockRows), pass.Block);
    }

    private sealed class Pass<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public required SparseCodes Codes { get; init; }

        public required T* Decoder { get; init; }

        public required T* Bias { get; init; }

        public required T* Target { get; init; }

        public required T* Residual { get; init; }

        public required T* Sums { get; init; }

        public required int Width { get; init; }

        public required T Scale { get; init; }

        public double Block(int block)
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
                squares += Finish(output, Target is null ? null : Target + ((long)row * Width), Sums + ((long)block * Width));
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

        /// <summary>Subtracts the target, scales, and adds to the block's sum.</summary>
        private double Finish(T* output, T* target, T* sum)
        {
            if (target is not null)
            {
                RowArithmetic.AddScaled(output, target, -T.One, Width);
            }

            var squares = double.CreateChecked(RowArithmetic.Dot(output, output, Width));
            RowArithmetic.Scale(output, Scale, Width);
            RowArithmetic.AddScaled(sum, output, T.One, Width);
            return squares;
        }
    }
}
