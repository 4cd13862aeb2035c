using static TorchSharp.torch;

namespace Interp.Compute.Kernels.DictionaryStep;

/// <summary>One tensor for each weight of a dictionary with thresholds, or for each weight's moment; the tensors are the caller's.</summary>
/// <param name="Encoder">Encoder rows <c>[N, d]</c>.</param>
/// <param name="EncoderBias"><c>[N]</c>.</param>
/// <param name="Decoder">Directions <c>[N, d]</c>, rows of length 1.</param>
/// <param name="DecoderBias">b_dec <c>[d]</c>, subtracted from inputs and added to outputs.</param>
/// <param name="Thresholds">θ <c>[N]</c>, at least 0.</param>
public sealed record DictionaryWeights(Tensor Encoder, Tensor EncoderBias, Tensor Decoder, Tensor DecoderBias, Tensor Thresholds)
{
    /// <summary>From five tensors in this record's order.</summary>
    public static DictionaryWeights Of(IReadOnlyList<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return new DictionaryWeights(tensors[0], tensors[1], tensors[2], tensors[3], tensors[4]);
    }
}
