using System.Globalization;
using Plotly.Blazor;
using Plotly.Blazor.Traces;

namespace Interp.Analysis.Circles.Indices;

/// <summary>The figures of a run on the indices of a point cloud.</summary>
public static class IndicesFigures
{
    /// <summary>Draws the cloud with its mixture band, mutual information by rotation, and the band's share by direction.</summary>
    public static IReadOnlyList<Figure> Draw(IndicesResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        List<Figure> figures = [Cloud(result), ByAngle(result)];
        if (result.MixtureByDirection.Length > 0)
        {
            figures.Add(ByDirection(result));
        }

        if (result.PlaneBits.Length > 0)
        {
            figures.Add(Planes(result));
            figures.Add(PlaneMixtures(result));
        }

        return figures;
    }

    private static Figure Cloud(IndicesResult result)
    {
        const string Title = "The cloud and its fullest band";
        var axis = AxisName(result);
        return new Figure(
            "cloud",
            Title,
            string.Create(CultureInfo.InvariantCulture, $"{result.ShownX.Length} of {result.Points} points in the plane that was measured, and the band that holds the largest share of them, {100 * result.Mixture:F1} %. A reducible cloud has a full band or separable coordinates."),
            [
                CloudTraces.Points("points", result.ShownX, result.ShownY),
                CloudTraces.Band(result.ShownX, result.ShownY, result.MixtureDirection, result.MixtureOffset, result.MixtureHalfWidth, "fullest band"),
            ],
            CloudTraces.Square(Title, $"{axis} {result.Axes[0]} (activation units)", $"{axis} {result.Axes[1]} (activation units)"));
    }

    private static Figure ByAngle(IndicesResult result)
    {
        const string Title = "Mutual information by rotation";
        var ends = new[] { result.Angles[0], result.Angles[^1] };
        var traces = new List<ITrace> { CloudTraces.Line("cloud", result.Angles, result.InformationBits) };
        if (result.NullQuantile95Bits is { } null95)
        {
            traces.Add(CloudTraces.Line("95th percentile of the shuffled clouds' smallest value", ends, [null95, null95]));
        }

        return new Figure(
            "information-by-angle",
            Title,
            "The estimated mutual information of the two coordinates after each rotation; its minimum is the separability index. The line marks what shuffled coordinates reach through the estimate's bias alone.",
            traces,
            FigureLayout.Linear(Title, "rotation (rad)", "mutual information (bits)"));
    }

    private static Figure ByDirection(IndicesResult result)
    {
        const string Title = "Largest share in a band by direction";
        var shares = result.MixtureByDirection;
        return new Figure(
            "mixture-by-direction",
            Title,
            "The largest share of points that a band across each direction can hold, over all offsets. The mixture index is the maximum over a finer scan.",
            [CloudTraces.Line("share", Enumerable.Range(0, shares.Length).Select(i => i * Math.PI / shares.Length), shares)],
            FigureLayout.Linear(Title, "direction of the band's normal (rad)", "share of points"));
    }

    private static Figure Planes(IndicesResult result) => Matrix(
        result,
        "separability-by-plane",
        "Separability of every plane",
        "The separability index of the plane of every two of the leading axes. Axes that belong to one irreducible feature stand out together; low values between two groups say that the groups are independent.",
        result.PlaneBits,
        "separability (bits)");

    private static Figure PlaneMixtures(IndicesResult result) => Matrix(
        result,
        "mixture-by-plane",
        "Mixture of every plane",
        "The mixture index of the plane of every two of the leading axes. A plane of high separability counts as irreducible only where this is low.",
        result.PlaneMixture,
        "share of points");

    private static Figure Matrix(IndicesResult result, string name, string title, string description, double[][] values, string unit)
    {
        var axis = AxisName(result);
        string[] names = [.. Enumerable.Range(0, result.PlaneBits.Length).Select(i => $"{axis} {i}")];
        return new Figure(
            name,
            title,
            description,
            [
                new HeatMap
                {
                    X = [.. names],
                    Y = [.. names],
                    Z = [.. values.Select(row => (object)row)],
                    ColorBar = new() { Title = new() { Text = unit } },
                },
            ],
            FigureLayout.Named(title, $"{axis} (number)", $"{axis} (number)"));
    }

    private static string AxisName(IndicesResult result) => result.Plane == PlaneChoice.Columns ? "column" : "component";
}
