using ILGPU;
using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.ThresholdCodes;

namespace Interp.Compute.Kernels.SparseDecode;

/// <summary>The GPU version in C#: a thread a number of the output adds its row's active directions in their order, so that results do not vary.</summary>
internal static class SparseDecodeKernels
{
    public static void Residual<TDirection, TTarget>(
        Index1D index, ArrayView<int> starts, ArrayView<int> latents, ArrayView<float> codes, ArrayView<TDirection> decoder, ArrayView<float> bias, ArrayView<TTarget> target, ArrayView<float> residual, int width)
        where TDirection : unmanaged, IElement<TDirection>
        where TTarget : unmanaged, IElement<TTarget>
    {
        var (row, column) = (index / width, index % width);
        var sum = bias[column];
        for (var entry = starts[row]; entry < starts[row + 1]; entry++)
        {
            if ((latents[entry] & CodeTile.Active) != 0)
            {
                sum += codes[entry] * decoder[((long)(latents[entry] >> CodeTile.Shift) * width) + column].ToSingle();
            }
        }

        residual[index] = sum - target[index].ToSingle();
    }
}
