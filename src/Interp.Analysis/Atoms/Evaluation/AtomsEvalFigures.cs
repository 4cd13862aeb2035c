using System.Globalization;
using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>The figures of an evaluation.</summary>
public static class AtomsEvalFigures
{
    /// <summary>Draws reconstruction against sparsity, the uniqueness curves with their controls, and how latents fire and lie.</summary>
    public static IReadOnlyList<Figure> Draw(AtomsEvalResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var figures = new List<Figure> { Trade(result) };
        if (result.CrossEntropy is { } losses)
        {
            figures.Add(Losses(losses));
        }

        figures.AddRange([Uniqueness(result), Controls(result), DictionaryFigures.Density(result.Density), DictionaryFigures.Nearest(result.NearestDirections)]);
        return figures;
    }

    private static Figure Trade(AtomsEvalResult result)
    {
        const string Title = "Active latents against explained variance";
        return new Figure(
            "l0-explained-variance",
            Title,
            "Where this dictionary stands on training rows, on held-out rows, and when every latent's codes are shuffled over rows. Compare dictionaries only at equal L0.",
            [
                Point("training rows", result.L0, result.ExplainedVariance),
                Point("held-out rows", result.HeldOutL0, result.HeldOutExplainedVariance),
                Point("shuffled codes", result.HeldOutL0, result.ShuffledCodesExplainedVariance),
            ],
            FigureLayout.Linear(Title, "active latents a row (L0)", "explained variance (%)"));
    }

    private static Figure Losses(SplicedLosses losses)
    {
        const string Title = "The model's loss with the dictionary in place";
        return new Figure(
            "spliced-loss",
            Title,
            string.Create(CultureInfo.InvariantCulture, $"Mean cross-entropy over {losses.Tokens} predictions with the activation as it is, with its reconstruction, with the mean activation and with zeros in place."),
            [
                new Bar
                {
                    Name = "loss",
                    X = ["clean", "reconstruction", "mean activation", "zeros"],
                    Y = [losses.Clean, losses.Spliced, losses.MeanAblated, losses.Ablated],
                },
            ],
            new Layout
            {
                Title = new Title { Text = Title },
                XAxis = [new XAxis { Title = new() { Text = "in place of the activation" }, Type = Plotly.Blazor.LayoutLib.XAxisLib.TypeEnum.Category }],
                YAxis = [new YAxis { Title = new() { Text = "cross-entropy (nats)" } }],
            });
    }

    private static Figure Uniqueness(AtomsEvalResult result)
    {
        const string Title = "Cosines of directions against the bound for a unique code";
        var curve = result.Curve;
        return new Figure(
            "uniqueness",
            Title,
            string.Create(CultureInfo.InvariantCulture, $"Quantiles of absolute cosines in the atomic inner product, and the bound 1/(2K − 1) at the same quantile of active latents. The crossing is q*: {result.Uniqueness.PairQuantile:F3} over pairs, {result.Uniqueness.AtomQuantile:F3} over directions, {result.Uniqueness.RandomControl:F3} for random directions at the same sparsity."),
            [
                Curve("pairs of directions", curve.Quantiles, curve.Pairs),
                Curve("each direction's nearest", curve.Quantiles, curve.Atoms),
                Curve("pairs of random directions", curve.Quantiles, curve.Random),
                Curve("bound 1/(2K − 1)", curve.Quantiles, curve.Bound),
            ],
            FigureLayout.Linear(Title, "quantile q", "absolute cosine"));
    }

    private static Figure Controls(AtomsEvalResult result)
    {
        const string Title = "Uniqueness quantile under each metric, beside controls";
        return new Figure(
            "uniqueness-controls",
            Title,
            "q* over pairs. Whitening makes any directions nearly orthogonal, so that a high value in the activations' metric means little by itself: random directions at the same sparsity are the measure.",
            [
                .. result.Controls.GroupBy(row => row.Directions).Select(rows => (ITrace)new Bar
                {
                    Name = rows.Key,
                    X = [.. rows.Select(row => (object)row.Metric)],
                    Y = [.. rows.Select(row => (object)row.PairQuantile)],
                }),
            ],
            new Layout
            {
                Title = new Title { Text = Title },
                XAxis = [new XAxis { Title = new() { Text = "metric" }, Type = Plotly.Blazor.LayoutLib.XAxisLib.TypeEnum.Category }],
                YAxis = [new YAxis { Title = new() { Text = "q* over pairs (share)" } }],
            });
    }

    private static Scatter Point(string name, double l0, double explained) =>
        new() { Name = name, Mode = ModeFlag.Markers, X = [l0], Y = [100 * explained] };

    private static Scatter Curve(string name, IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        new() { Name = name, Mode = ModeFlag.Lines, X = [.. x.Select(value => (object)value)], Y = [.. y.Select(value => (object)value)] };
}
