using Interp.Analysis.Entanglement.Internal;
using Plotly.Blazor;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Analysis.Entanglement.NoHair;

/// <summary>The figures of a no-hair test.</summary>
public static class NoHairFigures
{
    /// <summary>Draws internal against external profiles, and the external distances beside their controls.</summary>
    public static IReadOnlyList<Figure> Draw(NoHairResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var figures = new List<Figure> { External(result), Distances(result), Scatter(result) };
        figures.AddRange(result.Profiles.GroupBy(profile => profile.Name[(profile.Name.LastIndexOf(' ') + 1)..]).Take(4).Select(Internal));
        return figures;
    }

    private static Figure Internal(IGrouping<string, EntanglementProfile> matrix)
    {
        var title = $"Inside: entropy profile of what each run changed of {matrix.Key}";
        var first = matrix.First();
        return new Figure(
            $"internal-{matrix.Key.Replace('.', '-').ToLowerInvariant()}",
            title,
            $"Entanglement entropy of each cut of the update of {matrix.Key} [{first.Rows}, {first.Columns}], in nats; the cut at {first.LogDimensions[Math.Max(first.Boundary - 1, 0)]:F2} divides rows from columns. Dashed: a random full-rank matrix.",
            [
                .. matrix.Select(profile => EntanglementInternalFigures.Curve(profile.Name[..profile.Name.LastIndexOf(':')], profile.LogDimensions, profile.Entropies, null)),
                EntanglementInternalFigures.Curve("full-rank null", first.LogDimensions, first.NullGaussian, "dash"),
            ],
            FigureLayout.Linear(title, "ln of the dimension left of the cut", "entropy S (nats)"));
    }

    private static Figure External(NoHairResult result)
    {
        const string Title = "Outside: entropy profile of attention";
        var cuts = Enumerable.Range(1, result.Runs[0].ExternalEntropies.Length).Select(cut => (double)cut).ToArray();
        return new Figure(
            "external",
            Title,
            $"Entanglement entropy of each cut of the {result.Tokens} × {result.Tokens} attention, in nats, the mean over {result.Prompts} prompts, layers and heads. Dotted: the base with updates that mean nothing.",
            [.. result.Runs.Select(run => EntanglementInternalFigures.Curve(run.Name, cuts, run.ExternalEntropies, run.Kind is RunKind.Base or RunKind.Tuned ? null : "dot"))],
            FigureLayout.Linear(Title, "cut ℓ (sites left of it)", "entropy S (nats)"));
    }

    private static Figure Distances(NoHairResult result)
    {
        const string Title = "External distances beside their controls";
        (string Name, double Value)[] bars =
        [
            ("between tuned models", result.BetweenMethods),
            ("base to tuned", Mean(result, RunKind.Tuned)),
            ("base to random updates", Mean(result, RunKind.RandomDense)),
            ("base to random updates of their rank", Mean(result, RunKind.RandomLowRank)),
            ("base to permuted rows", Mean(result, RunKind.PermutedRows)),
            ("between prompts of the base", result.BetweenPrompts),
        ];
        return new Figure(
            "distances",
            Title,
            "The root mean square difference of attention entropies over what each cut allows. No-hair asks the first bar to be below those of random updates and of prompts.",
            [new Bar { Name = "distance", X = [.. bars.Select(bar => (object)bar.Name)], Y = [.. bars.Select(bar => (object)bar.Value)] }],
            FigureLayout.Categories(Title, "pair", "distance (share of the largest entropy)"));
    }

    private static Figure Scatter(NoHairResult result)
    {
        const string Title = "Internal against external distance";
        var pairs = result.Pairs.Where(pair => pair.Internal is not null).ToArray();
        return new Figure(
            "scatter",
            Title,
            "Each point is a pair of tuned models: how far apart their updates are inside and their attention outside. No-hair means a spread to the right with little height.",
            [
                new Scatter
                {
                    Name = "pairs of tuned models",
                    Mode = ModeFlag.Markers,
                    X = [.. pairs.Select(pair => (object)pair.Internal!.Value)],
                    Y = [.. pairs.Select(pair => (object)pair.External)],
                    TextArray = [.. pairs.Select(pair => $"{pair.First} – {pair.Second}")],
                },
            ],
            FigureLayout.Linear(Title, "internal distance (share of the largest entropy)", "external distance (share of the largest entropy)"));
    }

    private static double Mean(NoHairResult result, RunKind kind) =>
        result.Pairs.Where(pair => pair.Kind == kind && pair.First == result.Runs[0].Name).Select(pair => pair.External).DefaultIfEmpty().Average();
}
