using Interp.Analysis.Circles.Tasks;
using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Analysis.Circles.Probe;

/// <summary>The figures of probes and interventions.</summary>
public static class ProbeFigures
{
    /// <summary>Draws structure, decodability and causality, then the details.</summary>
    public static IReadOnlyList<Figure> Draw(ProbeResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Task == TaskKind.Numbers)
        {
            return [HelixFigure.Draw(result)];
        }

        var figures = new List<Figure>();
        if (Shown(result) is { } points)
        {
            figures.Add(Circle(result, points));
        }

        figures.Add(Decodability(result));
        if (result.Interventions.Length > 0)
        {
            figures.Add(InterventionFigures.AtBestLayer(result));
            figures.Add(InterventionFigures.ByLayer(result));
        }

        figures.AddRange(result.Sectors.Take(1).Select(sectors => InterventionFigures.Sectors(result, sectors)));
        figures.AddRange(result.Continuity.Take(1).Select(continuity => Phrases(result, continuity)));
        figures.AddRange(result.PatchingMaps.Select(Map));
        figures.Add(Answers(result));
        return figures;
    }

    /// <summary>Where the figure's circle is read: at the layer that is moved, else where labels never seen are read best.</summary>
    private static ProbePoints? Shown(ProbeResult result)
    {
        var layer = result.BestLayer ?? result.Probes.Where(probe => probe.Position == "alpha" && probe.Harmonic == result.Harmonics[0])
            .OrderByDescending(probe => probe.HeldOutLabelR2).FirstOrDefault()?.Layer;
        return Array.Find(result.Points, points => points.Layer == layer) ?? result.Points.FirstOrDefault();
    }

    private static Figure Circle(ProbeResult result, ProbePoints points)
    {
        const string Title = "The circle as the probe reads it";
        double[] unit = [.. Enumerable.Range(0, 121).Select(i => 2 * Math.PI * i / 120)];
        return new Figure(
            "circle",
            Title,
            $"Every prompt's point (x − m)PᵀA at the label that is counted from, input of layer {points.Layer}, coloured by the label's angle; the targets lie on the thin circle.",
            [
                CloudTraces.Points(
                    "prompts",
                    points.X,
                    points.Y,
                    points.Labels.Select(label => result.Labels[label]),
                    points.Labels.Select(label => LabelAngle(result, label))),
                CloudTraces.Line("targets", unit.Select(Math.Cos), unit.Select(Math.Sin)),
            ],
            CloudTraces.Square(Title, "cosine that is read", "sine that is read"));
    }

    private static Figure Decodability(ProbeResult result)
    {
        const string Title = "How well the circle is read, layer by layer";
        var traces = new List<ITrace>();
        foreach (var group in result.Probes.Where(probe => probe.Harmonic == result.Harmonics[0]).GroupBy(probe => (probe.Position, probe.Label)))
        {
            var rows = group.OrderBy(probe => probe.Layer).ToArray();
            Scatter Curve(string name, Func<ProbeMeasure, double> value, string? dash) => new()
            {
                Name = $"{group.Key.Label} at {group.Key.Position}, {name}",
                Mode = ModeFlag.Lines | ModeFlag.Markers,
                X = [.. rows.Select(row => (object)row.Layer)],
                Y = [.. rows.Select(row => (object)Math.Max(-0.2, value(row)))],
                Line = dash is null ? null : new() { Dash = dash },
            };
            traces.Add(Curve("prompts left out", row => row.HeldOutPromptR2, null));
            traces.Add(Curve("label left out", row => row.HeldOutLabelR2, "dot"));
            traces.Add(Curve("shuffled labels, 95th percentile", row => row.NullQuantile95, "dash"));
        }

        return new Figure(
            "decodability",
            Title,
            "Variance of the label's cosine and sine that a linear probe explains where it was not fitted, the lower of the two: each prompt left out once, and all prompts of a label left out; beside shuffled labels. Values below −0.2 are drawn there.",
            traces,
            FigureLayout.Linear(Title, "layer", "held-out R²"));
    }

    private static Figure Phrases(ProbeResult result, Continuity continuity)
    {
        const string Title = "Between the labels";
        var bare = continuity.Phrases.Where(phrase => phrase.Text.Trim() == result.Labels[phrase.Label]).ToArray();
        var others = continuity.Phrases.Except(bare).ToArray();
        ScatterGl Of(string name, ContinuityPhrase[] phrases) => CloudTraces.Points(
            name,
            [.. phrases.Select(phrase => phrase.X)],
            [.. phrases.Select(phrase => phrase.Y)],
            phrases.Select(phrase => phrase.Text),
            phrases.Select(phrase => LabelAngle(result, phrase.Label)));
        return new Figure(
            "continuity",
            Title,
            FormattableString.Invariant($"Phrases on the circle fitted to the bare labels at the input of layer {continuity.Layer}: early ones lie {continuity.MeanEarlySteps:0.00} steps from their label, late ones {continuity.MeanLateSteps:0.00}, on average."),
            [Of("bare labels", bare), Of("phrases", others)],
            CloudTraces.Square(Title, "cosine that is read", "sine that is read"));
    }

    private static Figure Map(PatchingMap map)
    {
        var title = $"Patching {map.Site} between prompts that share {map.Shared}";
        return new Figure(
            $"patch-{map.Site.Replace('_', '-')}-{map.Shared}",
            title,
            $"Mean over {map.Pairs} pairs of how much of the logit difference comes back when one value of the clean run is put into the corrupted one: 1 where it carries all that differs.",
            [
                new HeatMap
                {
                    X = [.. map.Columns],
                    Y = [.. Enumerable.Range(0, map.Effects.Length).Select(layer => (object)layer)],
                    Z = [.. map.Effects.Select(row => (object)row)],
                    ColorBar = new() { Title = new() { Text = "share restored" } },
                },
            ],
            FigureLayout.Named(title, map.Site == "z" ? "head" : "position", "layer"));
    }

    private static Figure Answers(ProbeResult result)
    {
        const string Title = "Which sums the model answers";
        var first = result.Task == TaskKind.ModularAddition ? 0 : 1;
        return new Figure(
            "answers",
            Title,
            FormattableString.Invariant($"Right answers (1), wrong ones (0) and sums not asked (blank), among {result.Period} candidates: {result.Correct} of {result.Problems}."),
            [
                new HeatMap
                {
                    X = [.. Enumerable.Range(first, result.Period).Select(number => (object)number)],
                    Y = [.. result.Labels],
                    Z = [.. result.Answers.Select((row, alpha) => (object)row.Select((answer, i) => answer < 0 ? double.NaN : answer == (alpha + i + first) % result.Period ? 1.0 : 0).ToArray())],
                },
            ],
            FigureLayout.Named(Title, "number counted", "counted from"));
    }

    /// <summary>The angle that colours a label, radians.</summary>
    internal static double LabelAngle(ProbeResult result, int label) => 2 * Math.PI * ((long)label * result.Harmonics[0] % result.Period) / result.Period;
}
