using System.Numerics;
using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.ThresholdCodes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseDecode;

/// <summary>The version for the CPU: threads take blocks of rows, or panels of columns where rows have many active latents.</summary>
internal static unsafe class CpuSparseDecoder
{
    /// <summary>From this many entries a row panels are used: chosen for d = 768, not tuned for other widths.</summary>
    private const int PanelsFrom = 16;

    /// <inheritdoc cref="SparseDecoder.Residual"/>
    public static double Residual<T>(SparseCodes codes, Tensor decoder, Tensor bias, Tensor? target, double scale, Tensor residual, Tensor sum)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scope = NewDisposeScope();
        var width = (int)bias.numel();
        var byPanels = Panels<T>.Fit(width) && codes.Count >= (long)PanelsFrom * codes.Rows;
        DecodePass<T> pass = byPanels
            ? new PanelDecoder<T>(codes, decoder, bias, target, scale, residual)
            : new RowDecoder<T>(codes, decoder, bias, target, scale, residual);
        var sums = zeros([pass.SumRows, width], codes.Type);
        pass.Sums = TensorMemory.Of<T>(sums);
        var squares = new double[pass.Blocks];
        Blocks.Run(squares.Length, Blocks.Workers, (block, _) => squares[block] = pass.Block(block));
        _ = sum.copy_(RowSums.Of<T>(sums));
        return squares.Sum();
    }
}
