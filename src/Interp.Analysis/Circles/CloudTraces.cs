using Plotly.Blazor;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Analysis.Circles;

/// <summary>Traces and layouts that the figures of plane clouds share.</summary>
internal static class CloudTraces
{
    /// <summary>A line through points.</summary>
    public static Scatter Line(string name, IEnumerable<double> x, IEnumerable<double> y) =>
        new() { Name = name, Mode = ModeFlag.Lines, X = Boxed(x), Y = Boxed(y) };

    /// <summary>Points of a cloud, drawn by WebGL.</summary>
    /// <param name="name">What the points are.</param>
    /// <param name="x">First coordinates.</param>
    /// <param name="y">Second coordinates.</param>
    /// <param name="labels">A word for each point, or null.</param>
    /// <param name="angles">The angle that colours each point, radians, NaN for points without a colour; or null.</param>
    public static ScatterGl Points(string name, IReadOnlyList<double> x, IReadOnlyList<double> y, IEnumerable<string>? labels = null, IEnumerable<double>? angles = null) => new()
    {
        Name = name,
        Mode = Plotly.Blazor.Traces.ScatterGlLib.ModeFlag.Markers,
        X = Boxed(x),
        Y = Boxed(y),
        TextArray = labels is null ? null : [.. labels],
        Marker = angles is null ? new() { Size = x.Count > 500 ? 3 : 7 } : new()
        {
            Size = x.Count > 500 ? 3 : 7,
            ColorArray = [.. angles.Select(angle => double.IsNaN(angle) ? null! : (object)angle)],
            ColorScale = Cyclic,
            CMin = 0,
            CMax = (decimal)(2 * Math.PI),
            ShowScale = true,
            ColorBar = new() { Title = new() { Text = "angle of the label (rad)" } },
        },
    };

    /// <summary>The two edges of a band, as far as the cloud reaches along it.</summary>
    /// <param name="x">First coordinates of the cloud.</param>
    /// <param name="y">Second coordinates.</param>
    /// <param name="direction">The angle of the band's normal, radians.</param>
    /// <param name="offset">c of |x·v + c| &lt; half width.</param>
    /// <param name="halfWidth">Half the width.</param>
    /// <param name="name">What the band is.</param>
    public static Scatter Band(IReadOnlyList<double> x, IReadOnlyList<double> y, double direction, double offset, double halfWidth, string name)
    {
        var (sine, cosine) = Math.SinCos(direction);
        double[] along = [.. x.Zip(y, (a, b) => (-sine * a) + (cosine * b))];
        var (low, high) = (along.Min(), along.Max());
        (double X, double Y) At(double side, double place) =>
            ((cosine * (side - offset)) - (sine * place), (sine * (side - offset)) + (cosine * place));
        (double X, double Y)[] corners = [At(-halfWidth, low), At(-halfWidth, high), At(halfWidth, high), At(halfWidth, low), At(-halfWidth, low)];
        return Line(name, corners.Select(corner => corner.X), corners.Select(corner => corner.Y));
    }

    /// <summary>A layout whose two axes have the same scale, so that circles look round.</summary>
    public static Layout Square(string title, string x, string y)
    {
        var layout = FigureLayout.Linear(title, x, y);
        layout.YAxis[0].ScaleAnchor = "x";
        return layout;
    }

    /// <summary>Numbers as Plotly.Blazor takes them.</summary>
    public static List<object> Boxed(IEnumerable<double> values) => [.. values.Select(value => (object)value)];

    /// <summary>A cyclic scale of nearly uniform lightness; both ends are the same colour.</summary>
    private static object[] Cyclic { get; } =
    [
        new object[] { 0.0, "#c05c6e" }, new object[] { 0.166, "#a97b2d" }, new object[] { 0.333, "#5f9043" },
        new object[] { 0.5, "#1f9690" }, new object[] { 0.666, "#4d86c4" }, new object[] { 0.833, "#9a68b8" }, new object[] { 1.0, "#c05c6e" },
    ];
}
