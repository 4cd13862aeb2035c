using Plotly.Blazor;
using static Interp.Analysis.FigureTraces;

namespace Interp.Analysis.Memories.Scaling;

/// <summary>The figures of the scaling experiment.</summary>
public static class ScalingFigures
{
    /// <summary>Draws errors against width, and the law for an infinite memory.</summary>
    public static IReadOnlyList<Figure> Draw(ScalingResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [Widths(result), Samples(result)];
    }

    private static Figure Widths(ScalingResult result)
    {
        const string Title = "Error of associative memories by width";
        var traces = new List<ITrace>();
        foreach (var curve in result.Curves)
        {
            double[] x = [.. curve.Points.Select(point => (double)point.Dimension)];
            traces.Add(Measured($"{curve.Scheme}, measured", x, [.. curve.Points.Select(point => point.Error)], [.. curve.Points.Select(point => 1.96 * (point.StandardError ?? 0))]));
            traces.Add(Line($"{curve.Scheme}, predicted", x, curve.Points.Select(point => point.Predicted)));
        }

        return new Figure(
            "error-by-width",
            Title,
            "The frequency-weighted error of stored associations against the width of the memory, by how strongly keys are stored, with 95 % intervals over trials, and the finite-size prediction without a free constant.",
            traces,
            FigureLayout.LogLog(Title, "width d (dimensions)", "error (share of the frequency)"));
    }

    private static Figure Samples(ScalingResult result)
    {
        const string Title = "Unseen mass by samples";
        double[] x = [.. result.Samples.Select(samples => (double)samples)];
        return new Figure(
            "unseen-mass",
            Title,
            "The error of a memory of infinite width: the mass of the keys that so many samples have not shown, exactly, and the law's slope through its last point.",
            [
                Measured("exact", x, result.UnseenMass),
                Line("law", x, x.Select(samples => result.UnseenMass[^1] * Math.Pow(samples / x[^1], -1 + (1 / result.Alpha)))),
            ],
            FigureLayout.LogLog(Title, "samples T", "unseen mass (share)"));
    }
}
