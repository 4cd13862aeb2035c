using Interp.Compute.Kernels.Lanes;
using Interp.Compute.Kernels.ThresholdCodes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseDecode;

/// <summary>Drives <see cref="SparseDecodeKernels"/> on a tensor's GPU, or without one on ILGPU's accelerator for the CPU.</summary>
internal static class GpuSparseDecoder
{
    /// <inheritdoc cref="SparseDecoder.Residual"/>
    public static double Residual(SparseCodes codes, Tensor decoder, Tensor bias, Tensor? target, double scale, Tensor residual, Tensor sum)
    {
        using var scope = NewDisposeScope();
        using var lane = KernelLane.For(decoder);
        var flat = new FlatCodes(codes);
        var width = (int)bias.numel();
        var output = lane.Zeros<float>(residual.numel());
        if (residual.numel() > 0)
        {
            lane.Launch(
                typeof(SparseDecodeKernels), nameof(SparseDecodeKernels.Residual), residual.numel(),
                lane.Copy(flat.RowStarts), lane.Copy(flat.Latents), lane.Copy(flat.ValuesByRow), lane.Elements(decoder), lane.Copy(bias), target is null ? lane.ElementZeros(ScalarType.Float32, residual.numel()) : lane.Elements(target), output, width);
        }

        lane.Return(output, residual);
        _ = sum.copy_(residual.sum([0L]).mul_(scale));
        var squares = residual.to(ScalarType.Float64).square().sum().item<double>();
        _ = residual.mul_(scale);
        return squares;
    }
}
