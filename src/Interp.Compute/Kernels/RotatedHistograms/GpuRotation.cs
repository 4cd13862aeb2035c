using Interp.Compute.Kernels.Lanes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.RotatedHistograms;

/// <summary>Drives <see cref="RotationKernels"/> on the points' GPU, or without one on ILGPU's accelerator for the CPU.</summary>
internal static class GpuRotation
{
    /// <summary>Angles of one launch: cancellation is looked at between launches.</summary>
    private const int AtOnce = 256;

    /// <inheritdoc cref="RotatedHistogram.Count(Tensor, Tensor, double[], int, RotationBackend, CancellationToken)"/>
    public static int[] Count(Tensor x, Tensor y, double[] angles, int bins, CancellationToken cancellation)
    {
        using var lane = KernelLane.For(x);
        var (px, py, points) = (lane.Reals(x), lane.Reals(y), x.numel());
        var counts = new List<int>();
        foreach (var part in angles.Chunk(AtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            var turns = lane.Copy<double>([.. part.SelectMany(angle => new[] { Math.Cos(angle), Math.Sin(angle) })]);
            var ends = lane.Copy<long>([.. part.SelectMany(_ => new[] { long.MaxValue, long.MinValue, long.MaxValue, long.MinValue })]);
            var into = lane.Zeros<int>((long)part.Length * bins * bins);
            var groups = RotationKernels.GroupsOf(points, part.Length);
            lane.LaunchGroups(typeof(RotationKernels), nameof(RotationKernels.Ranges), (long)part.Length * groups, px, py, turns, ends, (int)points, groups);
            lane.LaunchGroups(typeof(RotationKernels), nameof(RotationKernels.Cells), (long)part.Length * groups, px, py, turns, ends, into, bins, (int)points, groups);
            counts.AddRange(lane.Read(into));
        }

        return [.. counts];
    }
}
