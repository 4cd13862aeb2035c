using System.Globalization;
using Plotly.Blazor;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Analysis.Atoms.Recovery;

/// <summary>The figures of a recovery experiment.</summary>
public static class RecoveryFigures
{
    /// <summary>Draws the window against the number of active atoms and against noise, with what is recovered.</summary>
    public static IReadOnlyList<Figure> Draw(RecoveryResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return
        [
            Of("recovery-by-active", "Recovery as more atoms are active", "active atoms a row", result.ByActive, point => point.Active, result),
            Of("recovery-by-noise", "Recovery as noise grows", "noise (standard deviation of a coordinate)", result.ByNoise, point => point.Noise, result),
        ];
    }

    private static Figure Of(string name, string title, string axis, IReadOnlyList<RecoveryPoint> points, Func<RecoveryPoint, double> place, RecoveryResult result)
    {
        var closes = points.FirstOrDefault(point => !point.IsOpen);
        var where = closes is null ? "It stays open here." : string.Create(CultureInfo.InvariantCulture, $"It closes at {place(closes):0.##}.");
        return new Figure(
            name,
            title,
            string.Create(CultureInfo.InvariantCulture, $"The ends of the window in which the theorem vouches for a threshold, at coherence {result.Coherence:0.###}, and the share of rows whose planted atoms are recovered exactly by encoding with them. {where} Recovery must be whole while the window is open; after that it may fail."),
            [
                Line("lower end of the window", points, place, point => point.Lower),
                Line("upper end of the window", points, place, point => point.Upper),
                Line("exact supports, threshold at the middle", points, place, point => point.ExactSupports),
                Line("exact supports, best threshold", points, place, point => point.BestExactSupports),
            ],
            FigureLayout.Linear(title, axis, "threshold, or share of rows"));
    }

    private static Scatter Line(string name, IReadOnlyList<RecoveryPoint> points, Func<RecoveryPoint, double> place, Func<RecoveryPoint, double> value) => new()
    {
        Name = name,
        Mode = ModeFlag.Lines | ModeFlag.Markers,
        X = [.. points.Select(point => (object)place(point))],
        Y = [.. points.Select(point => (object)value(point))],
    };
}
