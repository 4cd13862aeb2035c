using Interp.Compute.Kernels.Lanes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.MaskedSoftmaxes;

/// <summary>Drives <see cref="MaskedSoftmaxKernels"/> on a tensor's GPU, or without one on ILGPU's accelerator for the CPU; the term is spread over all rows first.</summary>
internal static class GpuMaskedSoftmax
{
    /// <summary>See <see cref="MaskedSoftmax.Apply"/>; the given scores are left as they are.</summary>
    public static (Tensor Scores, Tensor Pattern) Apply(Tensor scores, double scale, Tensor? term)
    {
        using var lane = KernelLane.For(scores);
        using var spread = (term ?? zeros(1, device: scores.device)).to(scores.dtype).expand(scores.shape);
        using var own = scores.clone();
        var (finished, pattern, keys) = (lane.Elements(own), lane.ElementZeros(scores.dtype, scores.NumberOfElements), scores.shape[^1]);
        lane.LaunchGroups(typeof(MaskedSoftmaxKernels), nameof(MaskedSoftmaxKernels.Apply), keys == 0 ? 0 : scores.NumberOfElements / keys, finished, lane.Elements(spread), pattern, (int)keys, (float)scale);
        return (lane.Tensor(finished, scores.device, scores.shape), lane.Tensor(pattern, scores.device, scores.shape));
    }
}
