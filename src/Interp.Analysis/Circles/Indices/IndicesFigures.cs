using System.Globalization;
using Plotly.Blazor;

namespace Interp.Analysis.Circles.Indices;

/// <summary>The figures of a run on the indices of a point cloud.</summary>
public static class IndicesFigures
{
    /// <summary>Draws the cloud with its mixture band, mutual information by rotation, and the band's share by direction.</summary>
    public static IReadOnlyList<Figure> Draw(IndicesResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.MixtureByDirection.Length == 0 ? [Cloud(result), ByAngle(result)] : [Cloud(result), ByAngle(result), ByDirection(result)];
    }

    private static Figure Cloud(IndicesResult result)
    {
        const string Title = "The cloud and its fullest band";
        var axis = result.Plane == PlaneChoice.Columns ? "column" : "component";
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
            "The largest share of points that a band across each direction can hold, over all offsets; its maximum is the mixture index.",
            [CloudTraces.Line("share", Enumerable.Range(0, shares.Length).Select(i => i * Math.PI / shares.Length), shares)],
            FigureLayout.Linear(Title, "direction of the band's normal (rad)", "share of points"));
    }
}
