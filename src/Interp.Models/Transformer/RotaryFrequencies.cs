using TorchSharp;

namespace Interp.Models.Transformer;

/// <summary>The angle that each pair of dimensions turns by in one position, for every way of stretching.</summary>
/// <remarks>Formulas: huggingface/transformers <c>modeling_rope_utils.py</c>; arXiv 2309.00071 (YaRN), 2402.13753 (LongRoPE).</remarks>
internal static class RotaryFrequencies
{
    /// <summary>The angles, d/2 of them.</summary>
    /// <param name="settings">The rotation.</param>
    /// <param name="length">The length of the input, which two of the ways look at.</param>
    /// <param name="precision">Single precision rounds where the reference implementations round.</param>
    public static double[] Of(RotarySettings settings, int length, torch.ScalarType precision)
    {
        var theta = settings.Scaling == RotaryScaling.Dynamic ? DynamicBase(settings, length) : settings.Base;
        var factors = settings.Scaling != RotaryScaling.LongRope ? null
            : length > settings.OriginalContextLength ? settings.LongFactors : settings.ShortFactors;
        var frequencies = new double[settings.Dimensions / 2];
        for (var i = 0; i < frequencies.Length; i++)
        {
            var exponent = 2.0 * i / settings.Dimensions;
            var factor = factors is null ? 1 : factors[i];
            var frequency = precision == torch.ScalarType.Float64
                ? 1 / (factor * Math.Pow(theta, exponent))
                : 1f / ((float)factor * MathF.Pow((float)theta, (float)exponent));
            frequencies[i] = settings.Scaling switch
            {
                RotaryScaling.Linear => frequency / settings.Factor,
                RotaryScaling.Llama3 => Llama3(frequency, settings),
                RotaryScaling.Yarn => Yarn(frequency, i, settings),
                _ => frequency,
            };
        }

        return frequencies;
    }

    // θ·((f·S/M₀) − (f − 1))^(d/(d−2)), S the longer of the input and the original context.
    private static double DynamicBase(RotarySettings settings, int length)
    {
        var longer = Math.Max(length, settings.OriginalContextLength);
        var stretch = (settings.Factor * longer / settings.OriginalContextLength) - (settings.Factor - 1);
        return settings.Base * Math.Pow(stretch, settings.Dimensions / (settings.Dimensions - 2.0));
    }

    private static double Llama3(double frequency, RotarySettings settings)
    {
        var wavelength = 2 * Math.PI / frequency;
        var context = settings.OriginalContextLength;
        if (wavelength < context / settings.HighFrequencyFactor)
        {
            return frequency;
        }

        if (wavelength > context / settings.LowFrequencyFactor)
        {
            return frequency / settings.Factor;
        }

        var share = ((context / wavelength) - settings.LowFrequencyFactor) / (settings.HighFrequencyFactor - settings.LowFrequencyFactor);
        return ((1 - share) * frequency / settings.Factor) + (share * frequency);
    }

    private static double Yarn(double frequency, int pair, RotarySettings settings)
    {
        // The dimension that turns r times over the original context.
        double DimensionOf(double turns) =>
            settings.Dimensions * Math.Log(settings.OriginalContextLength / (turns * 2 * Math.PI)) / (2 * Math.Log(settings.Base));

        var (low, high) = (DimensionOf(settings.BetaFast), DimensionOf(settings.BetaSlow));
        if (settings.HasWholeBounds)
        {
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        }

        low = Math.Max(low, 0);
        high = Math.Min(high, settings.Dimensions - 1);
        high = high == low ? high + 0.001 : high;
        var ramp = Math.Clamp((pair - low) / (high - low), 0, 1);
        return ((1 - ramp) * frequency) + (ramp * frequency / settings.Factor);
    }
}
