using System.Globalization;
using Plotly.Blazor;
using static Interp.Analysis.FigureTraces;

namespace Interp.Analysis.Memories;

/// <summary>The figures of a memories run.</summary>
public static class MemoriesFigures
{
    /// <summary>Draws recall by head, then for the heads looked at closely error by rank, storage weights and margins.</summary>
    public static IReadOnlyList<Figure> Draw(MemoriesResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        List<Figure> figures = [];
        if (result.Operators.Any(found => found.Kind == "head"))
        {
            figures.Add(Heads(result));
        }

        figures.Add(Nulls(result));
        if (result.Details.Count > 0)
        {
            figures.AddRange([Ranks(result), Widths(result), Weights(result), Running(result), Margins(result)]);
        }

        return figures;
    }

    private static Figure Heads(MemoriesResult result)
    {
        const string Title = "Recall beyond permuted associations";
        var heads = result.Operators.Where(found => found.Kind == "head").ToArray();
        int[] layers = [.. heads.Select(found => found.Layer!.Value).Distinct()];
        int[] numbers = [.. heads.Select(found => found.Head!.Value).Distinct().Order()];
        return new Figure(
            "recall-by-head",
            Title,
            "Recall@1 of each head's OV matrix less its mean under permuted associations, weighted by frequency.",
            [
                Map(
                    numbers.Select(number => $"head {number}"),
                    layers.Select(layer => $"layer {layer}"),
                    layers.Select(layer => (IReadOnlyList<double>)[.. heads.Where(found => found.Layer == layer).OrderBy(found => found.Head).Select(found => found.Recall1 - found.PermutedMean)]),
                    "recall@1 beyond chance"),
            ],
            FigureLayout.Named(Title, "head", "layer"));
    }

    private static Figure Nulls(MemoriesResult result)
    {
        const string Title = "Recall of the best operators";
        var best = result.Operators.OrderByDescending(found => found.Recall1).Take(20).ToArray();
        string[] names = [.. best.Select(NameOf)];
        return new Figure(
            "recall-of-operators",
            Title,
            "Recall@1 and @10 of the twenty best operators, beside the 97.5th percentile under permuted associations and the constant answer.",
            [
                Bars("recall@1", names, best.Select(found => found.Recall1)),
                Bars("recall@10", names, best.Select(found => found.Recall10)),
                Bars("permuted associations", names, best.Select(found => found.PermutedUpper)),
                Bars("constant answer", names, best.Select(_ => result.ConstantRecall)),
            ],
            Categories(Title, "operator", "recall (share of the frequency)"));
    }

    private static Figure Ranks(MemoriesResult result)
    {
        const string Title = "Error by singular values kept";
        var traces = new List<ITrace>();
        foreach (var detail in result.Details)
        {
            double[] x = [.. detail.KeptRanks.Select(rank => (double)rank)];
            traces.Add(Measured(NameOf(detail), x, detail.TruncatedErrors));
            traces.Add(Points($"{NameOf(detail)}, finite-size prediction", [detail.Rank], [detail.PredictedError]));
            if (result.Alpha > 1)
            {
                traces.Add(Line($"{NameOf(detail)}, power law", x, x.Select(rank => Math.Min(1, detail.Error * Math.Pow(rank / x[^1], 1 - result.Alpha.Value)))));
            }
        }

        return new Figure(
            "error-by-rank",
            Title,
            "The frequency-weighted error with only the largest singular values of the head kept, the finite-size prediction for its storage weights, and the power law through the last point where frequencies fall faster than 1/rank.",
            traces,
            FigureLayout.LogLog(Title, "singular values kept", "error (share of the frequency)"));
    }

    private static Figure Widths(MemoriesResult result)
    {
        const string Title = "Error by width of random projections";
        return new Figure(
            "error-by-width",
            Title,
            "The frequency-weighted error after keys and values are projected to so many random dimensions, with the deviation over the projections; the last point projects nothing.",
            [.. result.Details.Where(detail => detail.ProjectedWidths.Count > 0).Select(detail => Measured(
                NameOf(detail), [.. detail.ProjectedWidths.Select(width => (double)width)], detail.ProjectedErrors, detail.ProjectedDeviations))],
            FigureLayout.LogLog(Title, "dimensions kept", "error (share of the frequency)"));
    }

    private static Figure Weights(MemoriesResult result)
    {
        const string Title = "Storage weights by frequency";
        return new Figure(
            "storage-weights",
            Title,
            "The strength with which each association is stored against its frequency, where it is positive. The slope over the leading usable keys is the storage exponent: 1 for plain gradient descent, 0 where all are stored equally.",
            [.. result.Details.Select(detail =>
            {
                int[] shown = [.. Enumerable.Range(0, detail.StorageWeights.Count).Where(key => detail.StorageWeights[key] > 0)];
                return Points(NameOf(detail), shown.Select(key => result.Probabilities[key]), shown.Select(key => detail.StorageWeights[key]));
            })],
            FigureLayout.LogLog(Title, "frequency of the key (share)", "storage weight"));
    }

    private static Figure Running(MemoriesResult result)
    {
        const string Title = "Recall against frequency rank";
        return new Figure(
            "recall-by-rank",
            Title,
            "The running share of keys that are recalled first, from the most frequent on.",
            [.. result.Details.Select(detail =>
            {
                var right = 0;
                double[] running = [.. detail.IsRecalled.Select((isRecalled, key) => (double)(right += isRecalled ? 1 : 0) / (key + 1))];
                return Line(NameOf(detail), Enumerable.Range(1, running.Length).Select(rank => (double)rank), running);
            })],
            FigureLayout.LogX(Title, "frequency rank of the key", "running recall@1"));
    }

    private static Figure Margins(MemoriesResult result)
    {
        const string Title = "Margins";
        return new Figure(
            "margins",
            Title,
            "The score of the right value less the best wrong one, sorted over the keys. Keys above 0 are recalled.",
            [.. result.Details.Select(detail => Line(NameOf(detail), Enumerable.Range(0, detail.Margins.Count).Select(key => (key + 0.5) / detail.Margins.Count), detail.Margins.Order()))],
            FigureLayout.Linear(Title, "share of the keys", "margin (score units)"));
    }

    private static Layout Categories(string title, string x, string y)
    {
        var layout = FigureLayout.Linear(title, x, y);
        layout.XAxis[0].Type = Plotly.Blazor.LayoutLib.XAxisLib.TypeEnum.Category;
        return layout;
    }

    private static string NameOf(HeadDetail detail) => string.Create(CultureInfo.InvariantCulture, $"layer {detail.Layer} head {detail.Head}");

    private static string NameOf(OperatorRecall found) => found.Kind switch
    {
        "head" => string.Create(CultureInfo.InvariantCulture, $"layer {found.Layer} head {found.Head}"),
        "sum" => "sum of heads",
        "mlp" => string.Create(CultureInfo.InvariantCulture, $"layer {found.Layer} MLP"),
        _ => "direct path",
    };
}
