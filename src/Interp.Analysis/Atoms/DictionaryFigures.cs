using System.Globalization;
using Plotly.Blazor;
using Plotly.Blazor.Traces;

namespace Interp.Analysis.Atoms;

/// <summary>Figures of a dictionary that training and evaluation share.</summary>
internal static class DictionaryFigures
{
    /// <summary>How often latents fire.</summary>
    public static Figure Density(DensityHistogram histogram)
    {
        const string Title = "How often latents fire";
        return new Figure(
            "latent-density",
            Title,
            string.Create(CultureInfo.InvariantCulture, $"Latents by the share of {histogram.Rows} rows on which they fire; {histogram.Silent} never fire and are not drawn. Latents far to the right fire nearly always and say little."),
            [Bars("latents", histogram.LogEdges.Select(edge => Math.Pow(10, edge)).ToArray(), histogram.Counts, isLog: true)],
            FigureLayout.LogX(Title, "share of rows on which the latent fires", "latents"));
    }

    /// <summary>How near each direction's nearest neighbour is.</summary>
    public static Figure Nearest(CosineHistogram histogram)
    {
        const string Title = "Cosine of each direction with its nearest other";
        return new Figure(
            "nearest-directions",
            Title,
            string.Create(CultureInfo.InvariantCulture, $"The {histogram.Latents} living latents by the largest cosine between their direction and another's. A peak near 1 means copies; groups that tile a circle lie in between."),
            [Bars("latents", histogram.Edges, histogram.Counts, isLog: false)],
            FigureLayout.Linear(Title, "largest cosine with another direction", "latents"));
    }

    /// <summary>Bars that fill their bins.</summary>
    private static Bar Bars(string name, IReadOnlyList<double> edges, IReadOnlyList<int> counts, bool isLog) => new()
    {
        Name = name,
        X = [.. counts.Select((_, bin) => (object)(isLog ? Math.Sqrt(edges[bin] * edges[bin + 1]) : (edges[bin] + edges[bin + 1]) / 2))],
        Y = [.. counts.Select(count => (object)count)],
        WidthArray = [.. counts.Select((_, bin) => (decimal?)(edges[bin + 1] - edges[bin]))],
    };
}
