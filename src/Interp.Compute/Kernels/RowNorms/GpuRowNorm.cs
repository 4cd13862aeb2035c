using ILGPU;
using ILGPU.Runtime;
using Interp.Compute.Kernels.Floats;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.RowNorms;

/// <summary>Drives <see cref="RowNormKernels"/> on ILGPU's accelerator for the CPU.</summary>
internal static class GpuRowNorm
{
    /// <summary>See <see cref="RowNorm.Apply"/>.</summary>
    public static NormedRows Apply(Tensor value, NormSettings settings, Tensor? weight, Tensor? bias, Tensor? scale)
    {
        using var gpu = new GpuFloats();
        var kernel = gpu.Accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, int, float>(RowNormKernels.Apply);
        var rows = value.NumberOfElements / value.shape[^1];
        var (divisors, normalized, result) = (scale is null ? gpu.Room(rows) : gpu.Copy(scale), gpu.Room(value.NumberOfElements), gpu.Room(value.NumberOfElements));
        var switches = (settings.IsCentred ? RowNormKernels.Centres : 0) | (weight is null ? 0 : RowNormKernels.HasWeight)
            | (bias is null ? 0 : RowNormKernels.HasBias) | (scale is null ? 0 : RowNormKernels.HasScale);
        kernel((int)rows, gpu.Copy(value), gpu.Copy(weight), gpu.Copy(bias), divisors, normalized, result, switches, (float)settings.Epsilon);
        return new NormedRows(
            gpu.Read(result, value.shape), gpu.Read(divisors, [.. value.shape[..^1], 1]), settings.KeepsNormalized ? gpu.Read(normalized, value.shape) : null);
    }
}
