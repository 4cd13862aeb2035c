using Interp.Compute.Kernels.Lanes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.RotatedHistograms;

/// <summary>Drives <see cref="RotationKernels"/> on the points' GPU, or without one on ILGPU's accelerator for the CPU.</summary>
internal static class GpuRotation
{
    /// <summary>Threads of one launch, about.</summary>
    private const int AtOnce = 1 << 22;

    /// <inheritdoc cref="RotatedHistogram.Count(Tensor, Tensor, double[], int, RotationBackend, CancellationToken)"/>
    public static int[] Count(Tensor x, Tensor y, double[] angles, int bins, CancellationToken cancellation)
    {
        using var lane = KernelLane.For(x);
        var (px, py, points) = (lane.Reals(x), lane.Reals(y), x.numel());
        var counts = new List<int>();
        foreach (var part in angles.Chunk((int)Math.Max(1, AtOnce / points)))
        {
            cancellation.ThrowIfCancellationRequested();
            var turns = lane.Copy<double>([.. part.SelectMany(angle => new[] { Math.Cos(angle), Math.Sin(angle) })]);
            var ends = lane.Copy<long>([.. part.SelectMany(_ => new[] { long.MaxValue, long.MinValue, long.MaxValue, long.MinValue })]);
            var into = lane.Zeros<int>((long)part.Length * bins * bins);
            lane.Launch(typeof(RotationKernels), nameof(RotationKernels.Ranges), part.Length * points, px, py, turns, ends);
            lane.Launch(typeof(RotationKernels), nameof(RotationKernels.Cells), part.Length * points, px, py, turns, ends, into, bins);
            counts.AddRange(lane.Read(into));
        }

        return [.. counts];
    }
}
