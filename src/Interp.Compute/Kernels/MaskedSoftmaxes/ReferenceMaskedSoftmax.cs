using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.MaskedSoftmaxes;

/// <summary>The definition in torch's operations: any device and dtype, recorded by autograd where that is on.</summary>
internal static class ReferenceMaskedSoftmax
{
    /// <summary>See <see cref="MaskedSoftmax.Apply"/>; the given scores are left as they are.</summary>
    public static (Tensor Scores, Tensor Pattern) Apply(Tensor scores, double scale, Tensor? term)
    {
        using var scope = NewDisposeScope();
        var finished = scale == 1 ? scores.alias() : scores * scale;
        finished = term is null ? finished : (finished + term).to(scores.dtype);
        var precise = finished.dtype is ScalarType.Float32 or ScalarType.Float64 ? finished : finished.to(ScalarType.Float32);

        if (precise.numel() == 0)
        {
            return (finished.MoveToOuterDisposeScope(), empty_like(finished).MoveToOuterDisposeScope());
        }

        // A row that sees nothing is given zeros: before the softmax, so that no gradient is lost in ∞ − ∞, and after it.
        var isBlind = precise.detach().amax([-1], keepdim: true).eq(double.NegativeInfinity);
        var pattern = precise.masked_fill(isBlind, 0).softmax(-1).masked_fill(isBlind, 0);
        return (finished.MoveToOuterDisposeScope(), pattern.to(scores.dtype).MoveToOuterDisposeScope());
    }
}
