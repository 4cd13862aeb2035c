using System.Text.Json.Nodes;

namespace Interp.Models.Tests.Families.Plain;

/// <summary>Rotary frequencies from the definitions of each way of stretching.</summary>
internal static class PlainRotary
{
    /// <summary>The frequencies of d/2 pairs and what cosines and sines are multiplied by.</summary>
    public static (double[] Frequencies, double Factor) Of(JsonObject? scaling, double theta, int dimensions, int context, int? original, int length)
    {
        var kind = (string?)(scaling?["rope_type"] ?? scaling?["type"]) ?? "default";
        double N(string key, double fallback) => (double?)scaling?[key] ?? fallback;
        var basic = Enumerable.Range(0, dimensions / 2).Select(i => Math.Pow(theta, -2.0 * i / dimensions)).ToArray();
        var start = original ?? (int)N("original_max_position_embeddings", context);
        var f = N("factor", (double)context / start);
        switch (kind)
        {
            case "default":
                return (basic, 1);
            case "linear":
                return ([.. basic.Select(b => b / f)], 1);
            case "dynamic":
                var longer = Math.Max(length, context);
                var stretched = theta * Math.Pow((f * longer / context) - (f - 1), dimensions / (dimensions - 2.0));
                return ([.. Enumerable.Range(0, dimensions / 2).Select(i => Math.Pow(stretched, -2.0 * i / dimensions))], 1);
            case "llama3":
                var (low, high) = (N("low_freq_factor", 1), N("high_freq_factor", 4));
                return ([.. basic.Select(b =>
                {
                    var turns = start * b / (2 * Math.PI); // how often it turns over the original context
                    var s = (turns - low) / (high - low);
                    return turns < low ? b / f : turns > high ? b : ((1 - s) * b / f) + (s * b);
                })], 1);
            case "yarn":
                return (Yarn(basic, N, theta, dimensions, start, f, (bool?)scaling!["truncate"] ?? true), YarnFactor(scaling, f));
            case "longrope":
                var list = scaling![length > start ? "long_factor" : "short_factor"]!.AsArray().Select(n => (double)n!).ToList();
                return ([.. basic.Select((b, i) => b / list[i])], (double?)scaling["attention_factor"] ?? (f <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(f) / Math.Log(start)))));
            default:
                throw new ArgumentException(kind);
        }
    }

    private static double[] Yarn(double[] basic, Func<string, double, double> number, double theta, int d, int start, double f, bool truncate)
    {
        double Dimension(double turns) => d * Math.Log(start / (2 * Math.PI * turns)) / (2 * Math.Log(theta));
        var (low, high) = (Dimension(number("beta_fast", 32)), Dimension(number("beta_slow", 1)));
        (low, high) = truncate ? (Math.Floor(low), Math.Ceiling(high)) : (low, high);
        (low, high) = (Math.Max(low, 0), Math.Min(high, d - 1));
        return [.. basic.Select((b, i) =>
        {
            var ramp = Math.Clamp((i - low) / (high == low ? 0.001 : high - low), 0, 1);
            return (b * (1 - ramp)) + (b / f * ramp);
        })];
    }

    private static double YarnFactor(JsonObject scaling, double f)
    {
        double M(double m) => f <= 1 ? 1 : (0.1 * m * Math.Log(f)) + 1;
        return (double?)scaling["attention_factor"]
            ?? ((double?)scaling["mscale"] is { } m && (double?)scaling["mscale_all_dim"] is { } all ? M(m) / M(all) : M(1));
    }
}
