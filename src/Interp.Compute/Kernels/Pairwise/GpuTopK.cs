using Interp.Compute.Kernels.Lanes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Pairwise;

/// <summary>Drives <see cref="PairwiseKernels"/> on a tensor's GPU, or without one on ILGPU's accelerator for the CPU.</summary>
internal static class GpuTopK
{
    /// <summary>The numbers of the nearest rows, <c>[n, k]</c>.</summary>
    public static int[,] Of(Tensor rows, int kept)
    {
        var (n, width) = ((int)rows.shape[0], (int)rows.shape[1]);
        using var lane = KernelLane.For(rows);
        var nearest = lane.Zeros<int>((long)n * kept);
        lane.Launch(typeof(PairwiseKernels), nameof(PairwiseKernels.TopK), n, lane.Elements(rows), lane.Zeros<float>((long)n * kept), nearest, width, kept);
        var table = new int[n, kept];
        Buffer.BlockCopy(lane.Read(nearest), 0, table, 0, n * kept * sizeof(int));
        return table;
    }

    /// <summary>All distances, <c>[n, n]</c> float64 on the rows' device.</summary>
    public static Tensor Distances(Tensor rows)
    {
        var (n, width) = (rows.shape[0], (int)rows.shape[1]);
        using var lane = KernelLane.For(rows);
        var squares = lane.Zeros<double>(n * n);
        lane.Launch(typeof(PairwiseKernels), nameof(PairwiseKernels.Distance), n * n, lane.Reals(rows), squares, width);
        return lane.Tensor(squares, rows.device, n, n).sqrt_();
    }
}
