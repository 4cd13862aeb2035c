using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Formats;

/// <summary>Changes of the weights that leave the function, or the codes up to a scale, as they are.</summary>
internal static class DictionaryFolds
{
    /// <summary>Inputs that were multiplied by s in training: W_enc·s, W_dec/s, b_dec/s; codes, b_enc and θ stay.</summary>
    public static void InputScale(DictionaryParts parts, double scale, ref DictionaryInfo info)
    {
        parts.Encoder = parts.Encoder * scale;
        parts.Decoder = parts.Decoder / scale;
        parts.DecoderBias = parts.DecoderBias / scale;
        info = info with { Conversions = [.. info.Conversions, $"input scale {scale.ToString("R", CultureInfo.InvariantCulture)} folded into the weights"] };
    }

    /// <summary>Directions of unit length, codes multiplied by what they lose: W_dec/n, W_enc·n, b·n, θ·n where codes are compared in those units already not.</summary>
    public static void DecoderNorms(DictionaryParts parts)
    {
        var norms = parts.Decoder.norm(1).clamp_min(1e-8);
        parts.Decoder = parts.Decoder / norms.unsqueeze(1);
        parts.Encoder = parts.Encoder * norms;
        parts.EncoderBias = parts.EncoderBias * norms;
    }

    /// <summary>No decoder bias at the input: b_enc − b_dec·W_enc.</summary>
    public static void DropInputBias(DictionaryParts parts)
    {
        var shift = parts.DecoderBias.unsqueeze(0).matmul(parts.Encoder).squeeze(0);
        parts.EncoderBias = parts.EncoderBias - (parts.Gate is null ? shift : shift * parts.Gate.MagnitudeScale.exp());
        parts.Gate = parts.Gate is null ? null : parts.Gate with { Bias = parts.Gate.Bias - shift };
    }

    /// <summary>The decoder bias at the input: b_enc + b_dec·W_enc.</summary>
    public static void AddInputBias(DictionaryParts parts)
    {
        var shift = parts.DecoderBias.unsqueeze(0).matmul(parts.Encoder).squeeze(0);
        parts.EncoderBias = parts.EncoderBias + (parts.Gate is null ? shift : shift * parts.Gate.MagnitudeScale.exp());
        parts.Gate = parts.Gate is null ? null : parts.Gate with { Bias = parts.Gate.Bias + shift };
    }

    /// <summary>A gated encoder as one with thresholds: W_enc·e^r, b_mag, θ = max(0, b_mag − e^r·b_gate).</summary>
    public static void GateToThresholds(DictionaryParts parts)
    {
        var gate = parts.Gate!;
        var scale = gate.MagnitudeScale.exp();
        parts.Encoder = parts.Encoder * scale;
        parts.Thresholds = (parts.EncoderBias - (scale * gate.Bias)).clamp_min(0);
        parts.Gate = null;
    }
}
