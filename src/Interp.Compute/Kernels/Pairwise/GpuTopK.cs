using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Pairwise;

/// <summary>Drives <see cref="PairwiseKernels"/> on ILGPU's accelerator for the CPU.</summary>
internal static class GpuTopK
{
    /// <summary>The numbers of the nearest rows, <c>[n, k]</c>.</summary>
    public static int[,] Of(Tensor rows, int kept)
    {
        var (n, width) = ((int)rows.shape[0], (int)rows.shape[1]);
        using var context = Context.Create(builder => builder.CPU());
        using var accelerator = context.CreateCPUAccelerator(0);
        using var values = accelerator.Allocate1D(rows.data<float>().ToArray());
        using var squares = accelerator.Allocate1D<float>((long)n * kept);
        using var nearest = accelerator.Allocate1D<int>((long)n * kept);
        var kernel = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<int>, int, int>(PairwiseKernels.TopK);
        kernel(n, values.View, squares.View, nearest.View, width, kept);
        accelerator.Synchronize();
        var flat = nearest.GetAsArray1D();
        var table = new int[n, kept];
        Buffer.BlockCopy(flat, 0, table, 0, flat.Length * sizeof(int));
        return table;
    }

    /// <summary>All distances.</summary>
    public static Tensor Distances(Tensor rows)
    {
        var n = (int)rows.shape[0];
        using var context = Context.Create(builder => builder.CPU());
        using var accelerator = context.CreateCPUAccelerator(0);
        using var values = accelerator.Allocate1D(rows.data<double>().ToArray());
        using var squares = accelerator.Allocate1D<double>((long)n * n);
        var kernel = accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<double>, ArrayView<double>, int>(PairwiseKernels.Distance);
        kernel(n * n, values.View, squares.View, (int)rows.shape[1]);
        accelerator.Synchronize();
        return tensor(squares.GetAsArray1D(), n, n).sqrt();
    }
}
