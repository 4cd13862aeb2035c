using ILGPU;
using ILGPU.Runtime;
using Interp.Compute.Kernels.Floats;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.MaskedSoftmaxes;

/// <summary>Drives <see cref="MaskedSoftmaxKernels"/> on ILGPU's accelerator for the CPU; the term is spread over all rows first.</summary>
internal static class GpuMaskedSoftmax
{
    /// <summary>See <see cref="MaskedSoftmax.Apply"/>; the given scores are left as they are.</summary>
    public static (Tensor Scores, Tensor Pattern) Apply(Tensor scores, double scale, Tensor? term)
    {
        using var gpu = new GpuFloats();
        using var spread = (term ?? zeros(1)).expand(scores.shape);
        var kernel = gpu.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, float>(MaskedSoftmaxKernels.Apply);
        var (finished, pattern, keys) = (gpu.Copy(scores), gpu.Room(scores.NumberOfElements), scores.shape[^1]);
        kernel((int)(scores.NumberOfElements / keys), finished, gpu.Copy(spread), pattern, (int)keys, (float)scale);
        return (gpu.Read(finished, scores.shape), gpu.Read(pattern, scores.shape));
    }
}
