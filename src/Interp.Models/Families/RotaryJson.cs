using Interp.Models.Checkpoints;
using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>Reads the rotation's settings in both spellings: transformers 4 (<c>rope_theta</c>, <c>rope_scaling</c>) and 5 (<c>rope_parameters</c>).</summary>
internal static class RotaryJson
{
    public static RotarySettings Read(ConfigJson json, int headWidth, int contextLength)
    {
        var five = json.Object("rope_parameters");
        var four = json.Object("rope_scaling");
        var theta = Agreed(json, "rope_theta", json.OptionalDouble("rope_theta"), five?.OptionalDouble("rope_theta"), 10_000);
        var partial = Agreed(json, "partial_rotary_factor", json.OptionalDouble("partial_rotary_factor"), five?.OptionalDouble("partial_rotary_factor"), 1);
        var (kindFour, kindFive) = (Kind(four), Kind(five));
        if (kindFour is not null && kindFive is not null && kindFour != kindFive)
        {
            throw new CheckpointException($"{json.Path}: rope_scaling says {kindFour} but rope_parameters says {kindFive}: keep one of them");
        }

        var from = kindFour is not null ? four : five;
        return new RotarySettings
        {
            Base = theta,
            Dimensions = (int)Math.Floor(headWidth * partial),
            Scaling = (kindFour ?? kindFive) switch
            {
                null or "default" => RotaryScaling.None,
                "linear" => RotaryScaling.Linear,
                "llama3" => RotaryScaling.Llama3,
                var other => throw new CheckpointException($"{json.Path}: the rotary scaling {other} is not supported: supported are default, linear and llama3"),
            },
            Factor = from?.Double("factor", 1) ?? 1,
            LowFrequencyFactor = from?.Double("low_freq_factor", 1) ?? 1,
            HighFrequencyFactor = from?.Double("high_freq_factor", 4) ?? 4,
            OriginalContextLength = from?.OptionalInt("original_max_position_embeddings") ?? contextLength,
        };
    }

    private static string? Kind(ConfigJson? scaling) => scaling is null ? null : scaling.Text("rope_type") ?? scaling.Text("type") ?? "default";

    private static double Agreed(ConfigJson json, string key, double? four, double? five, double fallback) =>
        four is { } a && five is { } b && a != b
            ? throw new CheckpointException(FormattableString.Invariant($"{json.Path}: {key} is {a} at the top but {b} in rope_parameters: keep one of them"))
            : four ?? five ?? fallback;
}
