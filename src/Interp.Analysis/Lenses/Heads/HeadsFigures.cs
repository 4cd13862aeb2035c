using Plotly.Blazor;
using Plotly.Blazor.Traces;

namespace Interp.Analysis.Lenses.Heads;

/// <summary>The figures of head scores: one map a kind of head.</summary>
public static class HeadsFigures
{
    /// <summary>Draws a map of layers and heads for each detector on repeated random tokens, and the copying score.</summary>
    public static IReadOnlyList<Figure> Draw(HeadsResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        List<Figure> figures =
        [
            Detector(result, "induction-map", "Induction heads", "to what followed an earlier copy of the token", scores => scores.Induction),
            Detector(result, "previous-token-map", "Previous-token heads", "to the token before", scores => scores.PreviousToken),
            Detector(result, "duplicate-token-map", "Duplicate-token heads", "to earlier copies of the token", scores => scores.DuplicateToken),
            Map(result, "first-map", "Attention that the first token receives", "The mean share of a head's attention that goes to the first position, 0 to 1.", head => head.Repeated.First, "share"),
        ];
        if (result.Heads.All(head => head.Copying is not null))
        {
            figures.Add(Map(
                result,
                "copying-map",
                "Copying heads",
                "Σ Re λ / Σ |λ| over the eigenvalues of each head's circuit from seen token to logits: 1 raises the token that is attended to, −1 lowers it.",
                head => head.Copying ?? double.NaN,
                "score"));
        }

        return figures;
    }

    private static Figure Detector(HeadsResult result, string name, string title, string where, Func<PatternScores, DetectorScore> score) => Map(
        result,
        name,
        title,
        FormattableString.Invariant($"The share of each head's attention that goes {where}, on {result.Prompts} prompts of random tokens repeated once ({result.Tokens} positions). Evenly spread attention would give {score(result.Uniform).Mul:0.000}."),
        head => score(head.Repeated).Mul,
        "share");

    private static Figure Map(HeadsResult result, string name, string title, string caption, Func<HeadScores, double> value, string unit)
    {
        var layers = result.Heads.GroupBy(head => head.Layer).ToArray();
        return new Figure(
            name,
            title,
            caption,
            [
                new HeatMap
                {
                    Name = unit,
                    X = [.. layers[0].Select(head => (object)head.Head)],
                    Y = [.. layers.Select(layer => (object)layer.Key)],
                    Z = [.. layers.Select(layer => (object)layer.Select(value).ToArray())],
                },
            ],
            FigureLayout.Named(title, "head", "layer"));
    }
}
