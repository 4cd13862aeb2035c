using System.Globalization;
using Plotly.Blazor;
using Plotly.Blazor.Traces;

namespace Interp.Analysis.Circles.Homology;

/// <summary>The figures of a cloud's loops.</summary>
public static class HomologyFigures
{
    /// <summary>Draws the persistence diagram and the points coloured by their place along the longest loop.</summary>
    public static IReadOnlyList<Figure> Draw(HomologyResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [Diagram(result), Cloud(result)];
    }

    private static Figure Diagram(HomologyResult result)
    {
        const string Title = "Loops by appearance and filling";
        var most = result.Bars.Select(bar => bar.Death).Append(result.Polygon?.Death ?? 1).Max();
        var traces = new List<ITrace>
        {
            CloudTraces.Points("loops", [.. result.Bars.Select(bar => bar.Birth)], [.. result.Bars.Select(bar => bar.Death)]),
            CloudTraces.Line("filled at once", [0, most], [0, most]),
            CloudTraces.Line("death/birth = 2", [0, most / 2], [0, most]),
        };
        if (result.Polygon is { } polygon)
        {
            traces.Add(CloudTraces.Points($"regular {result.Points}-gon", [polygon.Birth], [polygon.Death]));
        }

        return new Figure(
            "persistence",
            Title,
            string.Create(CultureInfo.InvariantCulture, $"{result.BarCount} loops of {result.Points} points, each at the distance where it appears and the distance where it is filled. A circle has one loop far above the line death/birth = 2 and the others near the diagonal; here the flag is {(result.IsCircle ? "set" : "not set")}."),
            traces,
            FigureLayout.Linear(Title, "birth (activation units)", "death (activation units)"));
    }

    private static Figure Cloud(HomologyResult result)
    {
        const string Title = "Places along the longest loop";
        var has = result.CircularCoordinates.Length > 0;
        return new Figure(
            "loop",
            Title,
            has
                ? "The points in their first two principal components, coloured by their place along the longest loop; a circle runs once through all colours."
                : "The points in their first two principal components; no loop gave them places.",
            [CloudTraces.Points("points", result.ShownX, result.ShownY, result.PointRows.Select(row => row.ToString(CultureInfo.InvariantCulture)), has ? result.CircularCoordinates : null)],
            CloudTraces.Square(Title, "component 0 (activation units)", "component 1 (activation units)"));
    }
}
