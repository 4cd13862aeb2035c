using Interp.Compute.Kernels.Floats;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.MaskedSoftmaxes;

/// <summary>
/// From the products of queries and keys to attention patterns: scaled, a mask or bias added, softmax over the keys (arXiv 1706.03762,
/// §3.2.1), in one pass over the scores. Rows in which every key is masked give zeros. Softmax is taken in float32 at least.
/// </summary>
public static class MaskedSoftmax
{
    /// <summary>Finishes scores where they lie and gives the pattern.</summary>
    /// <param name="scores">[b, H, q, k], freshly made by the caller, floating point; holds the finished scores afterwards (−∞ where masked).</param>
    /// <param name="scale">What the products are multiplied by.</param>
    /// <param name="term">What is added then, broadcastable to the scores, −∞ where masked; or null.</param>
    /// <returns>The finished scores and the pattern, both [b, H, q, k] of the scores' dtype, in the present dispose scope.</returns>
    public static (Tensor Scores, Tensor Pattern) Apply(Tensor scores, double scale, Tensor? term)
    {
        var isPlain = FloatMemory.IsPlain(scores) && scores.dim() == 4 && (term is null || IsPlainTerm(term, scores.shape[3]));
        if (isPlain)
        {
            var pattern = empty_like(scores);
            CpuMaskedSoftmax.Run(scores, scale, term, pattern);
            return (scores, pattern);
        }

        return ReferenceMaskedSoftmax.Apply(scores, scale, term);
    }

    /// <summary>As <see cref="Apply"/>, but the pattern takes the scores' place where it can.</summary>
    /// <param name="scores">[b, H, q, k], freshly made by the caller; not to be used afterwards.</param>
    /// <param name="scale">What the products are multiplied by.</param>
    /// <param name="term">What is added then, broadcastable to the scores, or null.</param>
    /// <returns>The pattern, in the present dispose scope.</returns>
    public static Tensor ApplyInPlace(Tensor scores, double scale, Tensor? term)
    {
        var isPlain = FloatMemory.IsPlain(scores) && scores.dim() == 4 && (term is null || IsPlainTerm(term, scores.shape[3]));
        if (isPlain)
        {
            CpuMaskedSoftmax.Run(scores, scale, term, scores);
            return scores;
        }

        return ReferenceMaskedSoftmax.Apply(scores, scale, term).Pattern;
    }

    private static bool IsPlainTerm(Tensor term, long keys) =>
        term.dtype == ScalarType.Float32 && term.device_type == DeviceType.CPU && term.dim() == 4 && term.shape[3] == keys && term.stride(3) == 1 && !(is_grad_enabled() && term.requires_grad);
}
