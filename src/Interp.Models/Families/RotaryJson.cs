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
        var own = five?.Object("full_attention") ?? five?.Object("sliding_attention");
        if (layerType is null && own is not null)
        {
            throw new CheckpointException($"{json.Path}: rope_parameters has an entry a layer type, which this family does not");
        }

        five = layerType is not null && own is not null ? five!.Object(layerType) : five;
        var four = json.Object("rope_scaling");
        var (kindFour, kindFive) = (Kind(four), Kind(five));
        if (kindFour is not null && kindFive is not null && kindFour != kindFive)
        {
            throw new CheckpointException($"{json.Path}: rope_scaling says {kindFour} but rope_parameters says {kindFive}: keep one of them");
        }

        var share = Agreed(json, "partial_rotary_factor", json.OptionalDouble("partial_rotary_factor"), five?.OptionalDouble("partial_rotary_factor"), partial);
        var settings = new RotarySettings
        {
            Base = Agreed(json, "rope_theta", json.OptionalDouble("rope_theta"), five?.OptionalDouble("rope_theta") ?? four?.OptionalDouble("rope_theta"), theta),
            Dimensions = Dimensions(json, headWidth, share),
            OriginalContextLength = contextLength,
        };
        var original = json.OptionalInt("original_max_position_embeddings");
        return (kindFour is not null ? four : five) is { } scaling ? Stretch(settings, scaling, kindFour ?? kindFive!, original, contextLength) : settings;
    }

    /// <summary>Reads one entry of a <c>rope_parameters</c> that has one a layer type.</summary>
    public static RotarySettings Nested(ConfigJson entry, int headWidth, int contextLength, double theta)
    {
        var settings = new RotarySettings
        {
            Base = entry.Double("rope_theta", theta),
            Dimensions = Dimensions(entry, headWidth, entry.Double("partial_rotary_factor", 1)),
            OriginalContextLength = contextLength,
        };
        return Stretch(settings, entry, Kind(entry)!, null, contextLength);
    }

    private static int Dimensions(ConfigJson json, int headWidth, double share) => share is > 0 and <= 1
        ? (int)Math.Floor(headWidth * share)
        : throw new CheckpointException(FormattableString.Invariant($"{json.Path}: the rotated share of a head is {share}, expected a number above 0 and at most 1"));

    private static RotarySettings Stretch(RotarySettings settings, ConfigJson scaling, string kind, int? outerOriginal, int contextLength)
    {
        var inner = scaling.OptionalInt("original_max_position_embeddings");
        if (inner is not null && outerOriginal is not null && inner != outerOriginal && kind is "llama3" or "yarn" or "longrope" or "su")
        {
            throw new CheckpointException($"{scaling.Path}: original_max_position_embeddings is {inner} but {outerOriginal} at the top: keep one of them");
        }

        var original = outerOriginal ?? inner ?? contextLength;
        double Factor() => scaling.OptionalDouble("factor") ?? throw new CheckpointException($"{scaling.Path}: the rotary scaling {kind} needs a factor");
        switch (kind)
        {
            case "default":
                return settings;
            case "linear":
                return settings with { Scaling = RotaryScaling.Linear, Factor = Factor() };
            case "dynamic":
                return settings with { Scaling = RotaryScaling.Dynamic, Factor = Factor() };
            case "llama3":
                return settings with
                {
                    Scaling = RotaryScaling.Llama3,
                    Factor = Factor(),
                    LowFrequencyFactor = scaling.Double("low_freq_factor", 1),
                    HighFrequencyFactor = scaling.Double("high_freq_factor", 4),
                    OriginalContextLength = original,
                };
            case "yarn" when scaling.Has("short_factor"): // what Phi 3's first files called it
            case "longrope" or "su":
                return LongRope(settings, scaling, original, contextLength);
            case "yarn":
                return Yarn(settings, scaling, original, contextLength);
            default:
                throw new CheckpointException($"{scaling.Path}: the rotary scaling {kind} is not supported: supported are default, linear, dynamic, llama3, yarn and longrope");
        }
    }

    private static RotarySettings Yarn(RotarySettings settings, ConfigJson scaling, int original, int contextLength)
    {
        var factor = scaling.OptionalDouble("factor") ?? ((double)contextLength / original);
        return settings with
        {
            Scaling = RotaryScaling.Yarn,
            Factor = factor,
            OriginalContextLength = original,
            BetaFast = NotZero(scaling.OptionalDouble("beta_fast")) ?? 32,
            BetaSlow = NotZero(scaling.OptionalDouble("beta_slow")) ?? 1,
            HasWholeBounds = scaling.Bool("truncate", true),
            AttentionFactor = scaling.OptionalDouble("attention_factor") ?? YarnAttention(scaling, factor),
        };
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
        return NotZero(scaling.OptionalDouble("mscale")) is { } m && NotZero(scaling.OptionalDouble("mscale_all_dim")) is { } all ? Scale(m) / Scale(all) : Scale(1);
    }

    // The reference implementation takes zero for not given.
    private static double? NotZero(double? value) => value == 0 ? null : value;

    private static string? Kind(ConfigJson? scaling) => scaling is null ? null : scaling.Text("rope_type") ?? scaling.Text("type") ?? "default";

    private static double Agreed(ConfigJson json, string key, double? four, double? five, double fallback) =>
        four is { } a && five is { } b && a != b
            ? throw new CheckpointException(FormattableString.Invariant($"{json.Path}: {key} is {a} at the top but {b} in rope_parameters: keep one of them"))
            : four ?? five ?? fallback;
}
