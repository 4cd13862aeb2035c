using Plotly.Blazor;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;
using LineStyle = Plotly.Blazor.Traces.ScatterLib.Line;

namespace Interp.Analysis.Entanglement.Attention;

/// <summary>The figures of an attention entanglement run.</summary>
public static class EntanglementAttentionFigures
{
    private const int MostLines = 40;

    /// <summary>Draws the heads as a heat map, their sink mass, their profiles and their growth with length.</summary>
    public static IReadOnlyList<Figure> Draw(EntanglementAttentionResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var figures = new List<Figure> { Heads(result), Profiles(result) };
        if (result.State == AttentionState.Pattern)
        {
            figures.Add(Sinks(result));
        }

        if (result.Lengths.Length > 1)
        {
            figures.Add(Growth(result));
        }

        return figures;
    }

    private static Figure Heads(EntanglementAttentionResult result)
    {
        const string Title = "Entropy between queries and keys, by layer and head";
        return new Figure(
            "head-map",
            Title,
            $"Entanglement entropy between query and key positions of each head's attention at {result.Tokens} tokens, in nats, the mean over {result.Prompts} prompts. Near zero: all queries attend alike (a sink); near ln T: each query has its own keys.",
            [Map(result, profile => profile.Entropies[profile.Boundary - 1], "S (nats)")],
            FigureLayout.Named(Title, "head", "layer"));
    }

    private static Figure Sinks(EntanglementAttentionResult result)
    {
        const string Title = "Attention that the first token receives";
        return new Figure(
            "sink-map",
            Title,
            "The mean share of a head's attention that goes to the first token, 0 to 1. A sink alone makes the entropy small at every length.",
            [Map(result, profile => profile.FirstMass ?? double.NaN, "share")],
            FigureLayout.Named(Title, "head", "layer"));
    }

    private static Figure Profiles(EntanglementAttentionResult result)
    {
        const string Title = "Entropy profiles of attention";
        var first = result.Profiles[0];
        var cuts = Enumerable.Range(1, first.Entropies.Length).Select(cut => (double)cut).ToArray();
        return new Figure(
            "attention-profiles",
            Title,
            $"Entanglement entropy of each cut of the chain of sites of the {result.Tokens} × {result.Tokens} attention, in nats; the cut after {first.Boundary} sites divides queries from keys. Dashed: a random matrix, and patterns of simple rules.",
            [
                .. result.Profiles.Take(MostLines).Select(profile => Curve(Label(profile), cuts, profile.Entropies, null)),
                Curve("full-rank null", cuts, first.NullGaussian, "dash"),
                .. result.Overlays.Select(overlay => Curve(overlay.Name, cuts, overlay.Entropies, "dot")),
            ],
            FigureLayout.Linear(Title, "cut ℓ (sites left of it)", "entropy S (nats)"));
    }

    private static Figure Growth(EntanglementAttentionResult result)
    {
        const string Title = "Entropy against the length of the prefix";
        var lengths = result.Lengths.Select(length => Math.Log(length)).ToArray();
        return new Figure(
            "attention-growth",
            Title,
            "Entanglement entropy between queries and keys of the first T tokens, in nats, against ln T. A level line is an area law; a straight rising line is an area law with a logarithm, which in sites is a volume law of small slope.",
            [
                .. result.Profiles.Take(MostLines).Select(profile => Curve(Label(profile), lengths, profile.PrefixEntropies, null)),
                .. result.Overlays.Select(overlay => Curve(overlay.Name, lengths, overlay.PrefixEntropies, "dot")),
            ],
            FigureLayout.Linear(Title, "ln T (T in tokens)", "entropy S (nats)"));
    }

    private static HeatMap Map(EntanglementAttentionResult result, Func<HeadProfile, double> value, string name)
    {
        var layers = result.Profiles.GroupBy(profile => profile.Layer).ToArray();
        return new HeatMap
        {
            Name = name,
            X = [.. layers[0].Select(profile => (object)profile.Head)],
            Y = [.. layers.Select(layer => (object)layer.Key)],
            Z = [.. layers.Select(layer => (object)layer.Select(value).ToArray())],
        };
    }

    private static string Label(HeadProfile profile) => $"layer {profile.Layer}, head {profile.Head}{(profile.Kind == HeadKind.Mixed ? "" : $" ({profile.Kind.ToString().ToLowerInvariant()})")}";

    private static Scatter Curve(string name, double[] x, double[] y, string? dash) => new()
    {
        Name = name,
        Mode = ModeFlag.Lines | ModeFlag.Markers,
        Line = dash is null ? null : new LineStyle { Dash = dash },
        X = [.. x.Select(value => (object)value)],
        Y = [.. y.Select(value => (object)value)],
    };
}
