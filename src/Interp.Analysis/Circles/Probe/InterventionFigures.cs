using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Analysis.Circles.Probe;

/// <summary>The figures of interventions.</summary>
internal static class InterventionFigures
{
    private static readonly InterventionKind[] s_followed =
    [
        InterventionKind.PatchCircle, InterventionKind.PatchCircleKeepRest, InterventionKind.PatchPca, InterventionKind.PatchLayer,
        InterventionKind.PatchAllButCircle, InterventionKind.PatchRandomPlane, InterventionKind.MoveOutsideCircle, InterventionKind.AverageAblate,
    ];

    /// <summary>All interventions where the circle moves the answer most often.</summary>
    public static Figure AtBestLayer(ProbeResult result)
    {
        var title = $"What becomes of the answer at layer {result.BestLayer}";
        var rows = result.Interventions.Where(measure => measure.Layer == result.BestLayer && IsWhole(result, measure)).OrderByDescending(measure => measure.FlipRate).ToArray();
        Bar Of(string name, Func<InterventionMeasure, double> value) => new()
        {
            Name = name,
            X = [.. rows.Select(row => Words(row.Kind))],
            Y = [.. rows.Select(row => (object)(100 * value(row)))],
        };
        return new Figure(
            "interventions",
            title,
            $"Over {rows[0].Pairs} pairs of a prompt and another label: how often the answer becomes the intended one, and how often it stays. Average ablation, and the same move made in a random plane orthogonal to the circle, are the controls; the donor's whole activation the upper reference.",
            [Of("intended answer", row => row.FlipRate), Of("original answer", row => row.KeepRate)],
            new Layout
            {
                Title = new Title { Text = title },
                BarMode = BarModeEnum.Group,
                XAxis = [new XAxis { Title = new() { Text = "intervention" }, Type = Plotly.Blazor.LayoutLib.XAxisLib.TypeEnum.Category }],
                YAxis = [new YAxis { Title = new() { Text = "share of pairs (%)" } }],
            });
    }

    /// <summary>The mean logit difference by layer, as the paper draws it.</summary>
    public static Figure ByLayer(ProbeResult result)
    {
        const string Title = "Interventions by layer";
        return new Figure(
            "interventions-by-layer",
            Title,
            "Mean of the original answer's logit less the intended one's: below nothing where the intervention moves the answer. The circle alone should stay close to the donor's whole activation as long as the answer is not yet decided.",
            [
                .. s_followed.Select(kind =>
                {
                    var rows = result.Interventions.Where(measure => measure.Kind == kind).DistinctBy(measure => measure.Layer).OrderBy(measure => measure.Layer).ToArray();
                    return new Scatter
                    {
                        Name = Words(kind),
                        Mode = ModeFlag.Lines | ModeFlag.Markers,
                        X = [.. rows.Select(row => (object)row.Layer)],
                        Y = [.. rows.Select(row => (object)row.MeanLogitDifference)],
                    };
                }),
            ],
            FigureLayout.Linear(Title, "layer", "logit difference"));
    }

    /// <summary>The answer for every point that the circle is set to.</summary>
    public static Figure Sectors(ProbeResult result, SectorMap map)
    {
        var title = $"Sector map: {map.Beta} counted from a point of the plane";
        var places = (from r in Enumerable.Range(0, map.Radii.Length) from a in Enumerable.Range(0, map.Angles.Length) select (Row: r, Column: a)).ToArray();
        int[] answers = [.. places.Select(place => map.Answers[place.Row][place.Column])];
        int[] labels = [.. Enumerable.Range(0, result.Period)];
        return new Figure(
            "sectors",
            title,
            FormattableString.Invariant($"The answer when the circle at the input of layer {map.Layer} is set to r·(cos θ, sin θ), all else at its mean; the labels' own places are marked. From r = 0.5 on, {100 * map.NearestRuleAgreement:0.#} % of the points answer with the nearest label plus {map.Beta}."),
            [
                CloudTraces.Points(
                    "answer",
                    [.. places.Select(place => map.Radii[place.Row] * Math.Cos(map.Angles[place.Column]))],
                    [.. places.Select(place => map.Radii[place.Row] * Math.Sin(map.Angles[place.Column]))],
                    answers.Select(answer => result.Labels[answer]),
                    answers.Select(answer => 2 * Math.PI * answer / result.Period)),
                new Scatter
                {
                    Name = "labels",
                    Mode = ModeFlag.Markers | ModeFlag.Text,
                    X = [.. labels.Select(label => (object)Math.Cos(2 * Math.PI * label / result.Period))],
                    Y = [.. labels.Select(label => (object)Math.Sin(2 * Math.PI * label / result.Period))],
                    TextArray = [.. result.Labels],
                    TextPosition = Plotly.Blazor.Traces.ScatterLib.TextPositionEnum.TopCenter,
                },
            ],
            CloudTraces.Square(title, "r·cos θ", "r·sin θ"));
    }

    // The first circle alone is measured after all of them.
    private static bool IsWhole(ProbeResult result, InterventionMeasure measure) => measure.Harmonics.SequenceEqual(result.Harmonics);

    private static string Words(InterventionKind kind) => kind switch
    {
        InterventionKind.PatchCircle => "circle set, rest at mean",
        InterventionKind.PatchCircleKeepRest => "circle set, rest kept",
        InterventionKind.PatchLayer => "whole activation",
        InterventionKind.PatchPca => "principal scores",
        InterventionKind.PatchAllButCircle => "all but the circle",
        InterventionKind.PatchRandomPlane => "random principal plane",
        InterventionKind.MoveOutsideCircle => "same move elsewhere",
        InterventionKind.AverageAblate => "all at mean",
        InterventionKind.ZeroCircle => "circle at mean",
        InterventionKind.ZeroAllButCircle => "all but the circle at mean",
        InterventionKind.RotateCircle => "circle turned",
        _ => "circle set, published formula",
    };
}
