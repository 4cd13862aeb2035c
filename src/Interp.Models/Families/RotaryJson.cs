using Interp.Models.Checkpoints;
using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>Reads the rotation's settings in both spellings: transformers 4 (<c>rope_theta</c>, <c>rope_scaling</c>) and 5 (<c>rope_parameters</c>).</summary>
internal static class RotaryJson
{
    /// <summary>Reads the rotation.</summary>
    /// <param name="json">The configuration.</param>
    /// <param name="headWidth">d_head.</param>
    /// <param name="contextLength">The longest input.</param>
    /// <param name="theta">The family's base where none is given.</param>
    /// <param name="partial">The family's rotated share of a head where none is given.</param>
    /// <param name="layerType">The entry of <c>rope_parameters</c> where it has one a layer type (Gemma 3).</param>
    public static RotarySettings Read(
        ConfigJson json, int headWidth, int contextLength, double theta = 10_000, double partial = 1, string? layerType = null)
    {
        var five = json.Object("rope_parameters");
        five = layerType is not null && five?.Object(layerType) is { } own ? own : five;
        var four = json.Object("rope_scaling");
        var (kindFour, kindFive) = (Kind(four), Kind(five));
        if (kindFour is not null && kindFive is not null && kindFour != kindFive)
        {
            throw new CheckpointException($"{json.Path}: rope_scaling says {kindFour} but rope_parameters says {kindFive}: keep one of them");
        }

        var share = Agreed(json, "partial_rotary_factor", json.OptionalDouble("partial_rotary_factor"), five?.OptionalDouble("partial_rotary_factor"), partial);
        var settings = new RotarySettings
        {
            Base = Agreed(json, "rope_theta", json.OptionalDouble("rope_theta"), five?.OptionalDouble("rope_theta"), theta),
            Dimensions = (int)Math.Floor(headWidth * share),
            OriginalContextLength = contextLength,
        };
        return (kindFour is not null ? four : five) is { } scaling ? Stretch(settings, json, scaling, kindFour ?? kindFive!, contextLength) : settings;
    }

    private static RotarySettings Stretch(RotarySettings settings, ConfigJson json, ConfigJson scaling, string kind, int contextLength)
    {
        var original = scaling.OptionalInt("original_max_position_embeddings") ?? json.OptionalInt("original_max_position_embeddings") ?? contextLength;
        var factor = scaling.Double("factor", 1);
        switch (kind)
        {
            case "default":
                return settings;
            case "linear":
                return settings with { Scaling = RotaryScaling.Linear, Factor = factor };
            case "dynamic":
                return settings with { Scaling = RotaryScaling.Dynamic, Factor = factor };
            case "llama3":
                return settings with
                {
                    Scaling = RotaryScaling.Llama3,
                    Factor = factor,
                    LowFrequencyFactor = scaling.Double("low_freq_factor", 1),
                    HighFrequencyFactor = scaling.Double("high_freq_factor", 4),
                    OriginalContextLength = original,
                };
            case "yarn":
                return settings with
                {
                    Scaling = RotaryScaling.Yarn,
                    Factor = factor,
                    OriginalContextLength = original,
                    BetaFast = scaling.Double("beta_fast", 32),
                    BetaSlow = scaling.Double("beta_slow", 1),
                    HasWholeBounds = scaling.Bool("truncate", true),
                    AttentionFactor = scaling.OptionalDouble("attention_factor") ?? YarnAttention(scaling, factor),
                };
            case "longrope" or "su":
                return LongRope(settings, scaling, original, contextLength);
            default:
                throw new CheckpointException($"{json.Path}: the rotary scaling {kind} is not supported: supported are default, linear, dynamic, llama3, yarn and longrope");
        }
    }

    private static RotarySettings LongRope(RotarySettings settings, ConfigJson scaling, int original, int contextLength)
    {
        var (brief, extended) = (scaling.Numbers("short_factor"), scaling.Numbers("long_factor"));
        if (brief.Count != settings.Dimensions / 2 || extended.Count != settings.Dimensions / 2)
        {
            throw new CheckpointException($"{scaling.Path}: short_factor has {brief.Count} and long_factor {extended.Count} numbers where {settings.Dimensions / 2} are needed");
        }

        var factor = scaling.OptionalDouble("factor") ?? ((double)contextLength / original);
        return settings with
        {
            Scaling = RotaryScaling.LongRope,
            Factor = factor,
            OriginalContextLength = original,
            ShortFactors = brief,
            LongFactors = extended,
            AttentionFactor = scaling.OptionalDouble("attention_factor") ?? (factor <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(factor) / Math.Log(original)))),
        };
    }

    // 0.1·m·ln f + 1; with both scales given, the ratio of the two.
    private static double YarnAttention(ConfigJson scaling, double factor)
    {
        double Scale(double m) => factor <= 1 ? 1 : (0.1 * m * Math.Log(factor)) + 1;
        return scaling.OptionalDouble("mscale") is { } m && scaling.OptionalDouble("mscale_all_dim") is { } all ? Scale(m) / Scale(all) : Scale(1);
    }

    private static string? Kind(ConfigJson? scaling) => scaling is null ? null : scaling.Text("rope_type") ?? scaling.Text("type") ?? "default";

    private static double Agreed(ConfigJson json, string key, double? four, double? five, double fallback) =>
        four is { } a && five is { } b && a != b
            ? throw new CheckpointException(FormattableString.Invariant($"{json.Path}: {key} is {a} at the top but {b} in rope_parameters: keep one of them"))
            : four ?? five ?? fallback;
}
