using Interp.Compute.Kernels.Lanes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SigmoidGates;

/// <summary>Drives <see cref="SigmoidGateKernels"/> on a tensor's GPU, or without one on ILGPU's accelerator for the CPU.</summary>
internal static class GpuSigmoidGate
{
    /// <summary>x·σ(a·x + c·x³), times the factor where there is one.</summary>
    public static Tensor Apply(Tensor value, Tensor? factor, double linear, double cubic)
    {
        using var lane = KernelLane.For(value);
        var result = lane.ElementZeros(value.dtype, value.NumberOfElements);
        lane.Launch(typeof(SigmoidGateKernels), nameof(SigmoidGateKernels.Apply), value.NumberOfElements, lane.Elements(value), factor is null ? result : lane.Elements(factor), result, factor is null ? 0 : 1, (float)linear, (float)cubic);
        return lane.Tensor(result, value.device, value.shape);
    }
}
