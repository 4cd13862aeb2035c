using ILGPU;
using ILGPU.Runtime;
using Interp.Compute.Kernels.Floats;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SigmoidGates;

/// <summary>Drives <see cref="SigmoidGateKernels"/> on ILGPU's accelerator for the CPU.</summary>
internal static class GpuSigmoidGate
{
    /// <summary>x·σ(a·x + c·x³), times the factor where there is one.</summary>
    public static Tensor Apply(Tensor value, Tensor? factor, double linear, double cubic)
    {
        using var gpu = new GpuFloats();
        var kernel = gpu.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, float, float>(SigmoidGateKernels.Apply);
        var result = gpu.Room(value.NumberOfElements);
        kernel((int)value.NumberOfElements, gpu.Copy(value), gpu.Copy(factor), result, factor is null ? 0 : 1, (float)linear, (float)cubic);
        return gpu.Read(result, value.shape);
    }
}
