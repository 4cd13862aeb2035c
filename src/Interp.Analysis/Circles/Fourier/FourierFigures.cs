using System.Globalization;
using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>The figures of a Fourier run.</summary>
public static class FourierFigures
{
    private const int NeuronBins = 40;
    private const int PlaneHeight = 300;
    private const int PlaneMargin = 120;
    private const decimal BarWidth = 0.8m;

    /// <summary>Draws spectrum, decodability and causality side by side, then each measure by itself.</summary>
    public static IReadOnlyList<Figure> Draw(FourierResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var figures = new List<Figure> { FourierPanels.Draw(result), EmbeddingPower(result), LogitVariance(result) };
        if (result.Neurons is { } neurons)
        {
            figures.Add(NeuronConcentration(result, neurons));
        }

        if (result.Planes.Length > 0)
        {
            figures.Add(CirclePlanes(result));
        }

        figures.Add(Losses(result));
        if (result.Training.Count > 0)
        {
            figures.Add(TrainingFigure.Draw(result.Training));
        }

        return figures;
    }

    /// <summary>Boxes numbers as Plotly.Blazor takes them; missing ones become gaps.</summary>
    internal static List<object> Boxed(IEnumerable<double?> values) => [.. values.Select(value => (object)(value ?? double.NaN))];

    private static Figure EmbeddingPower(FourierResult result)
    {
        const string Title = "Energy of the embedding by frequency";
        return new Figure(
            "embedding-power",
            Title,
            $"Share of the centred number embedding's energy in cos and sin of 2πka/{result.Modulus}, by k. A spike says that the circle is there, not that the model uses it.",
            ByFrequency(result, row => 100 * row.Power),
            Stacked(FigureLayout.Linear(Title, "frequency k", "share of energy (%)")));
    }

    private static Figure LogitVariance(FourierResult result)
    {
        const string Title = "Variance of the logits by frequency";
        var total = (100 * result.LogitVarianceExplained).ToString("F1", CultureInfo.InvariantCulture);
        return new Figure(
            "logit-variance",
            Title,
            $"Share of the centred logits' variance that cos(2πk(a + b − c)/{result.Modulus}) explains, by k; all together {total} %.",
            ByFrequency(result, row => 100 * row.LogitVarianceExplained),
            Stacked(FigureLayout.Linear(Title, "frequency k", "share of variance (%)")));
    }

    private static Figure NeuronConcentration(FourierResult result, NeuronMeasures neurons)
    {
        const string Title = "How much of each neuron one frequency explains";
        var counts = new int[NeuronBins];
        foreach (var share in neurons.Shares)
        {
            counts[Math.Clamp((int)(share * NeuronBins), 0, NeuronBins - 1)]++;
        }

        var top = (double)counts.Max();
        var traces = new List<ITrace>
        {
            new Bar
            {
                Name = "neurons",
                X = Boxed(Enumerable.Range(0, NeuronBins).Select(bin => (double?)((bin + 0.5) / NeuronBins))),
                Y = [.. counts.Select(count => (object)count)],
            },
            Line("threshold", [result.Threshold, result.Threshold], [0, top]),
        };
        if (neurons.Ceiling is { } ceiling)
        {
            traces.Add(Line("a perfect single-frequency neuron", [ceiling, ceiling], [0, top]));
        }

        return new Figure(
            "neuron-concentration",
            Title,
            $"Neurons of layer {result.Layer} by the share of their variance over all inputs that their best frequency explains. No nonlinear neuron reaches 1; the line marks how far a perfect one gets.",
            traces,
            FigureLayout.Linear(Title, "share of variance explained by one frequency", "neurons"));
    }

    private static Figure Losses(FourierResult result)
    {
        const string Title = "Loss with frequencies kept and taken out";
        var labels = new List<string> { "full", "key frequencies only" };
        var losses = new List<double?> { result.FullLosses.All, result.RestrictedLoss };
        foreach (var row in result.Frequencies.Where(row => row.IsKey))
        {
            labels.Add($"without k = {row.Frequency}");
            losses.Add(row.ExcludedLoss);
        }

        labels.Add("without all key frequencies");
        losses.Add(result.ExcludedLoss);
        var uniform = Math.Log(result.Modulus);
        return new Figure(
            "losses",
            Title,
            "Mean cross-entropy when only the key frequencies of a + b are kept in the logits (all pairs), or when they are taken out (training pairs). The line is that of guessing, ln p.",
            [
                new Bar { Name = "loss", X = [.. labels], Y = Boxed(losses.Select(loss => loss > 0 ? loss : null)) },
                new Scatter { Name = "guessing, ln p", Mode = ModeFlag.Lines, X = [.. labels], Y = Boxed(labels.Select(_ => (double?)uniform)) },
            ],
            new Layout
            {
                Title = new Title { Text = Title },
                XAxis = [new XAxis { Title = new() { Text = "logits" }, Type = Plotly.Blazor.LayoutLib.XAxisLib.TypeEnum.Category }],
                YAxis = [new YAxis { Title = new() { Text = "loss (nats)" }, Type = Plotly.Blazor.LayoutLib.YAxisLib.TypeEnum.Log }],
            });
    }

    private static Figure CirclePlanes(FourierResult result)
    {
        const string Title = "The numbers on the planes of the key frequencies";
        var planes = result.Planes;
        var traces = planes.Select((plane, i) => (ITrace)PlaneTrace(plane, result.Modulus, i)).ToList();
        var columns = planes.Length == 4 ? 2 : Math.Min(3, planes.Length);
        var lines = (planes.Length + columns - 1) / columns;
        return new Figure(
            "circle-planes",
            Title,
            "The centred embedding of each number on the plane of one frequency; the line joins numbers that follow each other on that circle. A clean circle may still be a decoy: read it beside the effect of removing it.",
            traces,
            new Layout
            {
                Title = new Title { Text = Title },
                ShowLegend = true,
                Height = (PlaneHeight * lines) + PlaneMargin,
                Grid = new Grid { Rows = lines, Columns = columns, Pattern = Plotly.Blazor.LayoutLib.GridLib.PatternEnum.Independent },
                XAxis = [.. planes.Select(plane => new XAxis { Title = new() { Text = $"k = {plane.Frequency}: first coordinate" } })],
                YAxis = [.. planes.Select((_, i) => new YAxis { Title = new() { Text = "second coordinate" }, ScaleAnchor = FourierPanels.AxisName("x", i) })],
            });
    }

    private static Scatter PlaneTrace(CirclePlane plane, int modulus, int index)
    {
        // In the order of the angle k·a, and back to the start.
        var order = Enumerable.Range(0, modulus).OrderBy(a => (long)plane.Frequency * a % modulus).ThenBy(a => a).Append(0).ToArray();
        return new Scatter
        {
            Name = $"k = {plane.Frequency}",
            Mode = ModeFlag.Lines | ModeFlag.Markers,
            X = Boxed(order.Select(a => (double?)plane.X[a])),
            Y = Boxed(order.Select(a => (double?)plane.Y[a])),
            TextArray = [.. order.Select(a => a.ToString(CultureInfo.InvariantCulture))],
            XAxis = FourierPanels.AxisName("x", index),
            YAxis = FourierPanels.AxisName("y", index),
        };
    }

    private static List<ITrace> ByFrequency(FourierResult result, Func<FrequencyMeasure, double> height)
    {
        Bar Bars(string name, bool isKey) => new()
        {
            Name = name,
            Width = BarWidth,
            X = [.. result.Frequencies.Where(row => row.IsKey == isKey).Select(row => (object)row.Frequency)],
            Y = Boxed(result.Frequencies.Where(row => row.IsKey == isKey).Select(row => (double?)height(row))),
        };
        return [Bars("key frequencies", true), Bars("other frequencies", false)];
    }

    private static Layout Stacked(Layout layout)
    {
        layout.BarMode = BarModeEnum.Overlay;
        return layout;
    }

    private static Scatter Line(string name, double[] x, double[] y) =>
        new() { Name = name, Mode = ModeFlag.Lines, X = [.. x], Y = [.. y] };
}
