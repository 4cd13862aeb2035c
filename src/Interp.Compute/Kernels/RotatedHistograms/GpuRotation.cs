using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace Interp.Compute.Kernels.RotatedHistograms;

/// <summary>Drives the ILGPU kernels of <see cref="RotationKernels"/> on ILGPU's accelerator for the CPU.</summary>
internal static class GpuRotation
{
    /// <summary>Threads of one launch, about.</summary>
    private const int AtOnce = 1 << 22;

    public static int[] Count(double[] x, double[] y, double[] angles, int bins, CancellationToken cancellation)
    {
        using var context = Context.Create(builder => builder.CPU());
        using var accelerator = context.CreateCPUAccelerator(0);
        using var px = accelerator.Allocate1D(x);
        using var py = accelerator.Allocate1D(y);
        var ranges = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<double>, ArrayView<double>, ArrayView<double>, ArrayView<long>>(RotationKernels.Ranges);
        var cells = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<double>, ArrayView<double>, ArrayView<double>, ArrayView<long>, ArrayView<int>, int>(RotationKernels.Cells);
        var counts = new List<int>();
        foreach (var part in angles.Chunk(Math.Max(1, AtOnce / x.Length)))
        {
            cancellation.ThrowIfCancellationRequested();
            using var turns = accelerator.Allocate1D<double>([.. part.SelectMany(angle => new[] { Math.Cos(angle), Math.Sin(angle) })]);
            using var ends = accelerator.Allocate1D<long>([.. part.SelectMany(_ => new[] { long.MaxValue, long.MinValue, long.MaxValue, long.MinValue })]);
            using var into = accelerator.Allocate1D<int>(part.Length * bins * bins);
            into.MemSetToZero();
            ranges(part.Length * x.Length, px.View, py.View, turns.View, ends.View);
            cells(part.Length * x.Length, px.View, py.View, turns.View, ends.View, into.View, bins);
            accelerator.Synchronize();
            counts.AddRange(into.GetAsArray1D());
        }

        return [.. counts];
    }
}
