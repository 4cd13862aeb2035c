using Interp.Compute.Kernels.Lanes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.RowNorms;

/// <summary>Drives <see cref="RowNormKernels"/> on a tensor's GPU, or without one on ILGPU's accelerator for the CPU.</summary>
internal static class GpuRowNorm
{
    /// <summary>See <see cref="RowNorm.Apply"/>.</summary>
    public static NormedRows Apply(Tensor value, NormSettings settings, Tensor? weight, Tensor? bias, Tensor? scale)
    {
        using var lane = KernelLane.For(value);
        var rows = value.shape[..^1].Aggregate(1L, (count, size) => count * size);
        var (divisors, normalized, result) = (scale is null ? lane.Zeros<float>(rows) : lane.Copy(scale), lane.ElementZeros(value.dtype, settings.KeepsNormalized ? value.NumberOfElements : 1), lane.ElementZeros(value.dtype, value.NumberOfElements));
        var switches = (settings.IsCentred ? RowNormKernels.Centres : 0) | (weight is null ? 0 : RowNormKernels.HasWeight)
            | (bias is null ? 0 : RowNormKernels.HasBias) | (scale is null ? 0 : RowNormKernels.HasScale) | (settings.KeepsNormalized ? RowNormKernels.KeepsNormalized : 0);
        lane.LaunchGroups(
            typeof(RowNormKernels), nameof(RowNormKernels.Apply), rows,
            lane.Elements(value), lane.Copy(weight), lane.Copy(bias), divisors, normalized, result, (int)value.shape[^1], switches, (float)settings.Epsilon);
        return new NormedRows(
            lane.Tensor(result, value.device, value.shape), lane.Tensor(divisors, value.device, [.. value.shape[..^1], 1]), settings.KeepsNormalized ? lane.Tensor(normalized, value.device, value.shape) : null);
    }
}
