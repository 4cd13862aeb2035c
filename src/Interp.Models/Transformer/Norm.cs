using Interp.Models.Hooks;
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
    /// <param name="kind">Which norm; <see cref="NormKind.None"/> returns the value itself.</param>
    /// <param name="parameters">Its weights.</param>
    /// <param name="epsilon">What is added under the root.</param>
    /// <param name="hookScale">Sees and may replace the divisor.</param>
    /// <param name="hookNormalized">Sees and may replace the normalised value.</param>
    public static Tensor Apply(
        Tensor value, NormKind kind, NormParameters parameters, double epsilon, Func<Tensor, Tensor>? hookScale, Func<Tensor, Tensor>? hookNormalized)
    {
        if (kind == NormKind.None)
        {
            return value;
        }

        using var scope = NewDisposeScope();
        var dtype = value.dtype;
        var precise = dtype is ScalarType.Float32 or ScalarType.Float64 ? value : value.to(ScalarType.Float32);
        var centred = kind == NormKind.LayerNorm ? precise - precise.mean([-1], keepdim: true) : precise;
        var scale = (centred.pow(2).mean([-1], keepdim: true) + epsilon).sqrt();
        scale = hookScale?.Invoke(scale) ?? scale;
        var normalized = (centred / scale).to(dtype);
        normalized = hookNormalized?.Invoke(normalized) ?? normalized;
        var result = parameters.Weight is { } weight ? normalized * weight : normalized;
        result = parameters.Bias is { } bias ? result + bias : result;
        return result.MoveToOuterDisposeScope();
    }
}
