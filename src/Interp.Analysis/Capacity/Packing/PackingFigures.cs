using Plotly.Blazor;
using static Interp.Analysis.FigureTraces;

namespace Interp.Analysis.Capacity.Packing;

/// <summary>The figures of a packing run.</summary>
public static class PackingFigures
{
    /// <summary>Draws the packing's progress, the packings with the fitted forms, and the forms' errors.</summary>
    public static IReadOnlyList<Figure> Draw(PackingResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Steps.Count > 0 ? [Progress(result), Data(result), Errors(result)] : [Data(result), Errors(result)];
    }

    private static Figure Progress(PackingResult result)
    {
        const string Title = "Largest cosine while packing";
        double[] ends = [0, result.Steps[^1]];
        List<ITrace> traces =
        [
            Line("packing", result.Steps.Select(step => (double)step), result.LargestCosines),
            Line("Welch bound", ends, [result.WelchBound, result.WelchBound]),
            Line("four parameters (paper)", ends, [result.FourParameter, result.FourParameter]),
            Line("one parameter", ends, [result.OneParameter, result.OneParameter]),
        ];
        if (result.RandomEpsilon is { } random)
        {
            traces.Add(Line("random vectors", ends, [random, random]));
        }

        return new Figure(
            "packing-progress",
            Title,
            $"The largest |cosine| among {result.Vectors} unit vectors of width {result.Dimension} as they are pushed apart. No packing goes below the Welch bound.",
            traces,
            FigureLayout.Linear(Title, "step", "largest |cosine|"));
    }

    private static Figure Data(PackingResult result)
    {
        const string Title = "Packings and the four-parameter form";
        var four = result.Fits.First(fit => fit.Form == PackingForm.FourParameter);
        var traces = new List<ITrace>();
        foreach (var width in result.Cells.GroupBy(cell => cell.Dimension).OrderBy(group => group.Key))
        {
            var cells = width.OrderBy(cell => cell.Count).ToArray();
            traces.Add(Points($"d = {width.Key}", cells.Select(cell => (double)cell.Count), cells.Select(cell => cell.Epsilon)));
            var above = cells.Where(cell => cell.Count > cell.Dimension).ToArray();
            var line = Line($"fit, d = {width.Key}", above.Select(cell => (double)cell.Count), above.Select(cell => PackingFits.Predict(four.Form, four.Parameters, cell)));
            line.ShowLegend = false;
            traces.Add(line);
        }

        return new Figure(
            "packings",
            Title,
            "The largest |cosine| of optimised packings against the number of vectors, by width, with the fitted form as lines where k is above d.",
            traces,
            FigureLayout.LogLog(Title, "vectors k", "largest |cosine|"));
    }

    private static Figure Errors(PackingResult result)
    {
        const string Title = "Errors of the forms";
        string[] forms = [.. result.Fits.Select(fit => fit.Form.ToString())];
        return new Figure(
            "form-errors",
            Title,
            "The mean relative error of the predicted largest |cosine|. Where k is above d the forms apply; over all packings the error rests on those with k ≤ d; held out is fitted on the smaller half of k and tested on the larger.",
            [
                Bars("k above d", forms, result.Fits.Select(fit => fit.ErrorAbove)),
                Bars("held out, k above d", forms, result.Fits.Select(fit => fit.ErrorHeldOut ?? double.NaN)),
                Bars("all packings (published figure)", forms, result.Fits.Select(fit => fit.ErrorAll)),
            ],
            NamedLog(Title, "form", "mean relative error (%)"));
    }

    private static Layout NamedLog(string title, string x, string y)
    {
        var layout = FigureLayout.Named(title, x, y);
        layout.YAxis[0].Type = Plotly.Blazor.LayoutLib.YAxisLib.TypeEnum.Log;
        return layout;
    }
}
