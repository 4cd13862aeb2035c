using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Analysis;

/// <summary>Traces that many figures share.</summary>
internal static class FigureTraces
{
    /// <summary>A line through points.</summary>
    public static Scatter Line(string name, IEnumerable<double> x, IEnumerable<double> y) =>
        new() { Name = name, Mode = ModeFlag.Lines, X = Boxed(x), Y = Boxed(y) };

    /// <summary>Points without a line, each with a word where words are given.</summary>
    public static Scatter Points(string name, IEnumerable<double> x, IEnumerable<double> y, IEnumerable<string>? words = null) =>
        new() { Name = name, Mode = ModeFlag.Markers, X = Boxed(x), Y = Boxed(y), TextArray = words is null ? null : [.. words] };

    /// <summary>Points on a line, with half widths of an interval where they are known.</summary>
    public static Scatter Measured(string name, IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<double>? halfWidths = null) => new()
    {
        Name = name,
        Mode = ModeFlag.Lines | ModeFlag.Markers,
        X = Boxed(x),
        Y = Boxed(y),
        ErrorY = halfWidths is null ? null : new ErrorY { Type = Plotly.Blazor.Traces.ScatterLib.ErrorYLib.TypeEnum.Data, Array = Boxed(halfWidths), Visible = true },
    };

    /// <summary>Named bars.</summary>
    public static Bar Bars(string name, IEnumerable<string> x, IEnumerable<double> y) =>
        new() { Name = name, X = [.. x], Y = Boxed(y) };

    /// <summary>A map of numbers by named columns and rows.</summary>
    public static HeatMap Map(IEnumerable<string> columns, IEnumerable<string> rows, IEnumerable<IReadOnlyList<double>> values, string what) => new()
    {
        X = [.. columns],
        Y = [.. rows],
        Z = [.. values.Select(row => (object)row)],
        ColorBar = new() { Title = new() { Text = what } },
    };

    /// <summary>Numbers as Plotly.Blazor takes them; what is not finite leaves a gap.</summary>
    public static List<object> Boxed(IEnumerable<double> values) => [.. values.Select(value => double.IsFinite(value) ? (object)value : null!)];
}
