using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>
/// LayerNorm and RMSNorm with their hook points: the divisor, and the value before weight and bias. Statistics are at least
/// float32. The arithmetic is the same with and without hooks, so that observing changes no bit.
/// </summary>
internal static class Norm
{
    /// <summary>Normalises the last axis.</summary>
    /// <param name="value">[…, d].</param>
    /// <param name="config">Which norm, what it adds under the root, and when it casts down.</param>
    /// <param name="parameters">Its weights.</param>
    /// <param name="hookScale">Sees and may replace the divisor.</param>
    /// <param name="hookNormalized">Sees and may replace the normalised value.</param>
    /// <param name="kind">Which norm, where it is not the configuration's.</param>
    public static Tensor Apply(
        Tensor value,
        ModelConfig config,
        NormParameters parameters,
        Func<Tensor, Tensor>? hookScale = null,
        Func<Tensor, Tensor>? hookNormalized = null,
        NormKind? kind = null)
    {
        var norm = kind ?? config.Norm;
        if (norm == NormKind.None)
        {
            return value;
        }

        using var scope = NewDisposeScope();
        var dtype = value.dtype;
        var precise = dtype is ScalarType.Float32 or ScalarType.Float64 ? value : value.to(ScalarType.Float32);
        var centred = norm == NormKind.LayerNorm ? precise - precise.mean([-1], keepdim: true) : precise;
        var scale = (centred.pow(2).mean([-1], keepdim: true) + config.NormEpsilon).sqrt();
        scale = hookScale?.Invoke(scale) ?? scale;
        var normalized = centred / scale;
        normalized = config.IsNormWeightPrecise ? normalized : normalized.to(dtype);
        normalized = hookNormalized?.Invoke(normalized) ?? normalized;
        var result = parameters.Weight is { } weight ? normalized * weight : normalized;
        result = parameters.Bias is { } bias ? result + bias : result;
        return result.to(dtype).MoveToOuterDisposeScope();
    }
}
