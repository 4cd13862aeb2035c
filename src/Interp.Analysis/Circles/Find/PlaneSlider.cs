using System.Globalization;
using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using Plotly.Blazor.LayoutLib.SliderLib;

namespace Interp.Analysis.Circles.Find;

/// <summary>One figure of all planes of the ranked clusters that have points to show: a slider moves from plane to plane.</summary>
internal static class PlaneSlider
{
    /// <summary>Draws it; the first cluster's best plane is seen first.</summary>
    /// <param name="clusters">The clusters with points, best first.</param>
    /// <param name="result">The result that they are of.</param>
    public static Figure Draw(FoundCluster[] clusters, FindResult result)
    {
        const string Title = "Ranked clusters, plane by plane";
        (FoundCluster Cluster, FoundPlane Plane, int Rank)[] planes = [.. clusters.SelectMany((cluster, rank) => cluster.Planes.Select(plane => (cluster, plane, rank + 1)))];
        var first = Array.FindIndex(planes, entry => entry.Rank == 1 && entry.Plane.Score >= clusters[0].Planes.Max(plane => plane.Score));
        var traces = planes.Select((entry, place) =>
        {
            var points = CloudTraces.Points(Name(entry), entry.Plane.ShownX, entry.Plane.ShownY, FindFigures.Labels(entry.Cluster), FindFigures.Colours(entry.Cluster, entry.Plane, result));
            points.Visible = place == first ? Plotly.Blazor.Traces.ScatterGlLib.VisibleEnum.True : Plotly.Blazor.Traces.ScatterGlLib.VisibleEnum.False;
            return (ITrace)points;
        });
        var layout = CloudTraces.Square(Title, "first component (activation units)", "second component (activation units)");
        layout.Sliders =
        [
            new Slider
            {
                Active = first,
                CurrentValue = new CurrentValue { Prefix = "plane: " },
                Pad = new Pad { T = 60 },
                Steps =
                [
                    .. planes.Select((entry, place) => new Step
                    {
                        Label = string.Create(CultureInfo.InvariantCulture, $"{entry.Rank}: {entry.Plane.Components[0]}, {entry.Plane.Components[1]}"),
                        Method = Plotly.Blazor.LayoutLib.SliderLib.StepLib.MethodEnum.Restyle,
                        Args = [new Dictionary<string, object> { ["visible"] = planes.Select((_, other) => other == place).ToArray() }],
                    }),
                ],
            },
        ];
        return new Figure(
            "planes",
            Title,
            string.Create(CultureInfo.InvariantCulture, $"The {planes.Length} planes of the {clusters.Length} best clusters, one at a time: rank, then the two principal components. Points name their token or answer when pointed at."),
            [.. traces],
            layout);
    }

    private static string Name((FoundCluster Cluster, FoundPlane Plane, int Rank) entry) =>
        string.Create(CultureInfo.InvariantCulture, $"{entry.Rank}. cluster {entry.Cluster.Id}, {FindFigures.Name(entry.Plane)}");
}
