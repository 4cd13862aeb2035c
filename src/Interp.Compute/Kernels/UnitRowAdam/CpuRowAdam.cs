using System.Numerics;
using Interp.Compute.Kernels.Rows;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.UnitRowAdam;

/// <summary>The version for the CPU: threads take blocks of rows.</summary>
internal static unsafe class CpuRowAdam
{
    private const int BlockRows = 64;

    /// <inheritdoc cref="RowAdamStep.Take"/>
    public static void Take<T>(Tensor weights, Tensor? first, Tensor second, Tensor gradient, AdamSettings settings, RowLength length)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (rows, width) = ((int)weights.shape[0], (int)weights.shape[1]);
        var numbers = new AdamNumbers<T>(settings);
        var (w, m) = ((nint)TensorMemory.Of<T>(weights), first is null ? 0 : (nint)TensorMemory.Of<T>(first));
        var (v, g) = ((nint)TensorMemory.Of<T>(second), (nint)TensorMemory.Of<T>(gradient));
        Blocks.Run(Blocks.Covering(rows, BlockRows), Blocks.Workers, (block, _) =>
        {
            for (var row = block * BlockRows; row < Math.Min((block + 1) * BlockRows, rows); row++)
            {
                var at = (long)row * width;
                var firstMoments = m == 0 ? null : (T*)m + at;
                if (length == RowLength.Unit)
                {
                    CpuAdamRow.StepUnit((T*)w + at, firstMoments, (T*)v + at, (T*)g + at, width, numbers);
                }
                else
                {
                    CpuAdamRow.Step((T*)w + at, firstMoments, (T*)v + at, (T*)g + at, width, numbers);
                }
            }
        });
    }
}
