using Interp.Compute.Kernels.Lanes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.UnitRowAdam;

/// <summary>Drives <see cref="RowAdamKernels"/> on a tensor's GPU, or without one on ILGPU's accelerator for the CPU.</summary>
internal static class GpuRowAdam
{
    /// <inheritdoc cref="RowAdamStep.Take"/>
    public static void Take(Tensor weights, Tensor? first, Tensor second, Tensor gradient, AdamSettings settings, RowLength length)
    {
        using var lane = KernelLane.For(weights);
        var (w, v, g) = (lane.Elements(weights), lane.Copy(second), lane.Copy(gradient));
        var m = first is null ? lane.Zeros<float>(1) : lane.Copy(first);
        var numbers = new AdamKernelNumbers
        {
            Beta1 = (float)settings.Beta1,
            Beta2 = (float)settings.Beta2,
            Size = (float)settings.Size,
            Correction = (float)settings.Correction,
            Epsilon = (float)settings.Epsilon,
            Width = (int)weights.shape[1],
            HasFirst = first is null ? 0 : 1,
            IsUnit = length == RowLength.Unit ? 1 : 0,
        };
        if (weights.numel() > 0)
        {
            lane.LaunchGroups(typeof(RowAdamKernels), nameof(RowAdamKernels.Step), weights.shape[0], w, m, v, g, numbers);
        }

        lane.Return(w, weights);
        lane.Return(v, second);
        if (first is not null)
        {
            lane.Return(m, first);
        }
    }
}
