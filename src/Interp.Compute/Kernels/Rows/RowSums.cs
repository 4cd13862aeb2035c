using System.Numerics;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Rows;

/// <summary>Sums of the rows of a small matrix, in their order.</summary>
internal static unsafe class RowSums
{
    /// <summary>The sum of all rows.</summary>
    /// <param name="parts"><c>[parts, d]</c>.</param>
    /// <returns><c>[d]</c>, owned by the caller.</returns>
    public static Tensor Of<T>(Tensor parts)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (count, width) = ((int)parts.shape[0], (int)parts.shape[1]);
        var sum = zeros([width], parts.dtype);
        var from = TensorMemory.Of<T>(parts);
        var to = TensorMemory.Of<T>(sum);
        for (var part = 0; part < count; part++)
        {
            RowArithmetic.AddScaled(to, from + ((long)part * width), T.One, width);
        }

        return sum;
    }
}
