using Plotly.Blazor;

namespace Interp.Analysis.Atoms.Stability;

/// <summary>The figures of a comparison.</summary>
public static class StabilityFigures
{
    /// <summary>Draws how well each latent is found again, and each comparison beside its control.</summary>
    public static IReadOnlyList<Figure> Draw(StabilityResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        const string Latents = "How well each latent is found again";
        const string Comparisons = "Directions found again, beside random ones";
        var euclidean = result.Rows.Where(row => row.Metric == "euclidean").ToArray();
        return
        [
            new Figure(
                "latent-stability",
                Latents,
                "Latents in order of their mean greatest cosine with a direction of the other dictionaries. What lies at the level of random directions is of this training alone.",
                [
                    FigureTraces.Line("latents", result.Latents.Select((_, i) => (double)i), result.Latents.Select(latent => latent.MeanMaximum)),
                    FigureTraces.Line("random directions, mean", [0, result.Latents.Count - 1.0], [result.RandomMeanMaximum, result.RandomMeanMaximum]),
                ],
                FigureLayout.Linear(Latents, "latent, in order", "greatest cosine, mean over dictionaries")),
            new Figure(
                "stability-controls",
                Comparisons,
                "Mean greatest cosine of the dictionary's directions and of as many random ones with those of each other dictionary.",
                [
                    .. euclidean.GroupBy(row => row.Directions).Select(group => (ITrace)FigureTraces.Bars(group.Key, group.Select(row => Path.GetFileName(row.Other.TrimEnd('/'))), group.Select(row => row.MeanMaximum))),
                ],
                FigureLayout.Categories(Comparisons, "other dictionary", "mean greatest cosine")),
        ];
    }
}
