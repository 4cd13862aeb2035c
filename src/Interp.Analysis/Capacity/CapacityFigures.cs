using Plotly.Blazor;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;
using static Interp.Analysis.FigureTraces;

namespace Interp.Analysis.Capacity;

/// <summary>The figures of a capacity run.</summary>
public static class CapacityFigures
{
    private const int CurvePoints = 80;
    private const int DrawnBins = 1024;

    /// <summary>Draws the cosines' histogram, the model among the published ones, the formulas, and the nearest rows.</summary>
    public static IReadOnlyList<Figure> Draw(CapacityResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        List<Figure> figures = [Histogram(result), AmongModels(result), Formulas(result), Nearest(result)];
        if (result.Paired is { } paired)
        {
            figures.Add(Paired(paired));
        }

        if (result.TokenGroups.Count > 1)
        {
            figures.Add(Groups(result));
        }

        return figures;
    }

    private static Figure Groups(CapacityResult result)
    {
        const string Title = "Epsilon by kind of token";
        string[] names = [.. result.TokenGroups.Select(group => $"{group.Name} ({group.Rows})")];
        Bar Known(string name, Func<TokenGroup, double?> of)
        {
            int[] known = [.. Enumerable.Range(0, names.Length).Where(place => of(result.TokenGroups[place]) is not null)];
            return Bars(name, known.Select(place => names[place]), known.Select(place => of(result.TokenGroups[place])!.Value));
        }

        return new Figure(
            "token-groups",
            Title,
            "Epsilon of each kind of token alone, and of all other rows when it is left out, beside epsilon of all. A kind that moves epsilon when it is left out carries it.",
            [
                Known("alone", group => group.Epsilon),
                Known("left out", group => group.EpsilonWithout),
                Bars("all rows", names, result.TokenGroups.Select(_ => result.Epsilon)),
            ],
            FigureLayout.Categories(Title, "kind of token (rows)", "epsilon (cosine)"));
    }

    private static Figure Histogram(CapacityResult result)
    {
        // A page is drawn from at most this many bins; the result holds all.
        var merged = Math.Max(1, result.Histogram.Counts.Length / DrawnBins);
        var edges = result.Histogram.Edges.Where((_, edge) => edge % merged == 0).ToArray();
        var counts = result.Histogram.Counts.Chunk(merged).Select(chunk => chunk.Sum()).ToArray();
        var centres = edges.Skip(1).Select((edge, bin) => (edge + edges[bin]) / 2).ToArray();
        var pairs = (double)counts.Sum();
        var shares = counts.Select(count => 100 * count / pairs).ToArray();
        var random = RandomShares(centres, result.Dimension).Select(share => 100 * share).ToArray();
        var top = shares.Max();
        var shown = Enumerable.Range(0, centres.Length).Where(bin => counts[bin] > 0 || random[bin] > 1e-4).ToArray();
        const string Title = "Cosines of all pairs of rows";
        return new Figure(
            "cosine-histogram",
            Title,
            "Share of pairs of different rows by their cosine, against independent random directions of the same width. The vertical lines mark the mean, epsilon (mean plus two standard deviations) and epsilon of random directions.",
            [
                Line("all pairs", shown.Select(bin => centres[bin]), shown.Select(bin => shares[bin])),
                Line("random directions", shown.Select(bin => centres[bin]), shown.Select(bin => random[bin])),
                Line("mean", [result.Mean, result.Mean], [0, top]),
                Line("epsilon", [result.Epsilon, result.Epsilon], [0, top]),
                Line("epsilon of random directions", [result.EpsilonRandom, result.EpsilonRandom], [0, top]),
            ],
            FigureLayout.Linear(Title, "cosine", "share of pairs (%)"));
    }

    private static Figure AmongModels(CapacityResult result)
    {
        const string Title = "Epsilon among published models";
        var dimensions = PublishedEpsilons.All.Select(model => model.Dimension).Append(result.Dimension).Concat(result.Compared.Select(other => other.Dimension)).ToArray();
        var ends = new double[] { dimensions.Min(), dimensions.Max() };
        List<ITrace> traces =
        [
            Models("near-orthogonal models", PublishedEpsilons.All.Where(model => model.Epsilon < CapacityAnalysis.NearOrthogonalBelow)),
            Models("dense models", PublishedEpsilons.All.Where(model => model.Epsilon >= CapacityAnalysis.NearOrthogonalBelow)),
            Models("this matrix", [(result.Matrix, result.Dimension, result.Epsilon)]),
            Line("random directions", ends, ends.Select(dimension => 2 / Math.Sqrt(dimension))),
        ];
        if (result.Compared.Count > 0)
        {
            traces.Insert(3, Models("compared", result.Compared.Select(other => (other.Matrix, other.Dimension, other.Epsilon))));
        }

        return new Figure(
            "epsilon-among-models",
            Title,
            "Epsilon against the width for this matrix and 45 published embeddings (arXiv 2606.02765). The line is that of random directions, 2/√d; the published models split at 0.1.",
            traces,
            FigureLayout.LogLog(Title, "width d (dimensions)", "epsilon (cosine)"));
    }

    private static Figure Formulas(CapacityResult result)
    {
        const string Title = "Capacity by formula";
        var dimension = result.Dimension;
        var epsilons = Enumerable.Range(1, CurvePoints).Select(step => CapacityAnalysis.NearOrthogonalBelow * 1.5 * step / CurvePoints).ToArray();
        var traces = new List<ITrace>
        {
            Line("four parameters (paper)", epsilons, epsilons.Select(epsilon => CapacityFormulas.FourParameter(dimension, epsilon))),
            Line("one parameter", epsilons, epsilons.Select(epsilon => CapacityFormulas.OneParameter(dimension, epsilon))),
            Line("Johnson–Lindenstrauss, C = 8", epsilons, epsilons.Select(epsilon => CapacityFormulas.JohnsonLindenstrauss(dimension, epsilon))),
            Line("Welch bound", epsilons.Where(epsilon => epsilon * epsilon * dimension < 0.999), epsilons.Where(epsilon => epsilon * epsilon * dimension < 0.999).Select(epsilon => WelchCount(dimension, epsilon))),
            Line("largest k that was fitted", [epsilons[0], epsilons[^1]], [32000, 32000]),
        };
        if (result.Capacity.Adjusted is { } adjusted)
        {
            traces.Add(new Scatter
            {
                Name = "this matrix, epsilon ± 0.5 %",
                Mode = ModeFlag.Lines | ModeFlag.Markers,
                X = Boxed([result.Epsilon, result.Epsilon, result.Epsilon]),
                Y = Boxed([result.Capacity.AdjustedLow ?? adjusted, adjusted, result.Capacity.AdjustedHigh ?? adjusted]),
            });
        }

        return new Figure(
            "capacity-formulas",
            Title,
            "The number of directions k with pairwise cosines of at most epsilon, at this width, by three formulas. The distance between the curves is the doubt about the form; beyond k = 32000 they extrapolate. A matrix of the dense class has no point.",
            traces,
            FigureLayout.LogY(Title, "epsilon (cosine)", "directions k"));
    }

    private static Figure Paired(PairedCosines paired)
    {
        const string Title = "Embedding against unembedding";
        var bins = paired.Counts.Length;
        return new Figure(
            "embedding-against-unembedding",
            Title,
            "How many tokens have each cosine between their embedding and their own unembedding row. Untied models lie near 0.",
            [Line("tokens", Enumerable.Range(0, bins).Select(bin => -1 + ((bin + 0.5) * 2 / bins)), paired.Counts.Select(count => (double)count))],
            FigureLayout.Linear(Title, "cosine of embedding and unembedding", "tokens"));
    }

    private static Figure Nearest(CapacityResult result)
    {
        const string Title = "Each row's nearest other row";
        var edges = result.Histogram.Edges;
        var shown = Enumerable.Range(0, result.NearestCounts.Length).Where(bin => result.NearestCounts[bin] > 0).ToArray();
        return new Figure(
            "nearest-rows",
            Title,
            "How many rows have their largest cosine with another row in each bin; rows near 1 are duplicates or variants of a token.",
            [
                new Bar
                {
                    Name = "rows",
                    X = Boxed(shown.Select(bin => (edges[bin] + edges[bin + 1]) / 2)),
                    Y = Boxed(shown.Select(bin => (double)result.NearestCounts[bin])),
                },
            ],
            FigureLayout.Linear(Title, "largest cosine with another row", "rows"));
    }

    /// <summary>The k at which the Welch bound √((k − d)/(d(k − 1))) reaches ε: no packing lies above; below 1/√d alone there is one.</summary>
    private static double WelchCount(int dimension, double epsilon) => dimension * (1 - (epsilon * epsilon)) / (1 - (dimension * epsilon * epsilon));

    /// <summary>The density of the cosine of two random directions, ∝ (1 − c²)^((d−3)/2), as shares of the bins.</summary>
    private static double[] RandomShares(double[] centres, int dimension)
    {
        var logs = centres.Select(centre => (dimension - 3) / 2.0 * Math.Log(1 - (centre * centre))).ToArray();
        var largest = logs.Max();
        var weights = logs.Select(log => Math.Exp(log - largest)).ToArray();
        var total = weights.Sum();
        return [.. weights.Select(weight => weight / total)];
    }

    private static Scatter Models(string name, IEnumerable<(string Model, int Dimension, double Epsilon)> models)
    {
        var list = models.ToArray();
        return Points(name, list.Select(model => (double)model.Dimension), list.Select(model => model.Epsilon), list.Select(model => model.Model));
    }
}
