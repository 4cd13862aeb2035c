using Interp.Compute.Kernels.ThresholdCodes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseDecode;

/// <summary>The definition in torch operations: codes as a matrix and one product.</summary>
internal static class ReferenceSparseDecoder
{
    /// <inheritdoc cref="SparseDecoder.Residual"/>
    public static double Residual(SparseCodes codes, Tensor decoder, Tensor bias, Tensor? target, double scale, Tensor residual, Tensor sum)
    {
        using var scope = NewDisposeScope();
        var difference = addmm(bias, codes.ToDense().to(decoder.device), decoder, 1, 1);
        if (target is not null)
        {
            _ = difference.sub_(target);
        }

        var squares = difference.to(ScalarType.Float64).square().sum().item<double>();
        _ = residual.copy_(difference.mul_(scale));
        _ = sum.copy_(residual.sum([0L]));
        return squares;
    }
}
