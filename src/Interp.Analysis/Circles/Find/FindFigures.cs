using System.Globalization;
using Interp.Analysis.Circles.Planes;
using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using Plotly.Blazor.Traces;

namespace Interp.Analysis.Circles.Find;

/// <summary>The figures of a search for multi-dimensional features.</summary>
public static class FindFigures
{
    private const int Drawn = 4;

    /// <summary>Draws all planes of the best clusters, and the clusters' scores beside those of random sets.</summary>
    public static IReadOnlyList<Figure> Draw(FindResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [Scores(result), .. result.Clusters.Take(Drawn).Where(cluster => cluster.ShownRows.Length > 0).Select((cluster, rank) => Planes(cluster, rank + 1, result))];
    }

    private static Figure Scores(FindResult result)
    {
        const string Title = "Scores of clusters and of random sets of latents";
        static Scatter Sorted(string name, double[] scores) =>
            CloudTraces.Line(name, scores.Select((_, rank) => (rank + 0.5) / scores.Length), scores);
        return new Figure(
            "scores",
            Title,
            string.Create(CultureInfo.InvariantCulture, $"The scores of {result.Scores.Length} clusters and of {result.ControlSets} random sets of as many latents, each in descending order over its share. {result.ClustersAboveControl ?? 0} clusters lie above the random sets' 95th percentile."),
            [Sorted("clusters", result.Scores), Sorted("random sets", result.ControlScores)],
            FigureLayout.Linear(Title, "share of clusters or sets", "score (1 − M)·S (bits)"));
    }

    private static Figure Planes(FoundCluster cluster, int rank, FindResult result)
    {
        var title = $"{rank}. Cluster {cluster.Id}: {cluster.Latents.Length} latents";
        var best = cluster.Planes.MaxBy(plane => plane.Score)!;
        var frequency = best.Fit?.Frequency;
        var colours = frequency is null || cluster.ShownResidues.Length == 0
            ? null
            : cluster.ShownResidues.Select(residue => FrequencyReader.Angle(frequency.Value, residue, result.Modulus!.Value)).ToArray();
        var labels = (cluster.ShownResidues.Length > 0 ? cluster.ShownResidues : cluster.ShownTokens).Select(label => label.ToString(CultureInfo.InvariantCulture)).ToArray();
        var traces = cluster.Planes.Select((plane, place) =>
        {
            var points = CloudTraces.Points(Name(plane), plane.ShownX, plane.ShownY, labels, colours);
            if (place > 0)
            {
                (points.XAxis, points.YAxis) = ($"x{place + 1}", $"y{place + 1}");
                points.Marker.ShowScale = null;
            }

            return (ITrace)points;
        });
        return new Figure(
            $"cluster-{rank}",
            title,
            string.Create(CultureInfo.InvariantCulture, $"The cluster's reconstructions on {cluster.ShownRows.Length} of the {cluster.Tokens} tokens it was judged by, in the planes of each principal component and the next. Best: {Name(best)}, score {best.Score:F2} bits. The first component is mostly overall intensity, so circles tend to show in later planes.{(colours is null ? "" : $" Colour: the angle of the answer at frequency {frequency}.")}"),
            [.. traces],
            Grid(title, cluster.Planes));
    }

    private static string Name(FoundPlane plane) => string.Create(
        CultureInfo.InvariantCulture, $"components {plane.Components[0]} and {plane.Components[1]}: S {plane.SeparabilityBits:F2} bits, M {plane.Mixture:F2}");

    private static Layout Grid(string title, FoundPlane[] planes) => new()
    {
        Title = new Title { Text = title },
        Grid = new Grid { Rows = (planes.Length + 1) / 2, Columns = Math.Min(2, planes.Length), Pattern = Plotly.Blazor.LayoutLib.GridLib.PatternEnum.Independent },
        XAxis = [.. planes.Select(plane => new XAxis { Title = new() { Text = $"component {plane.Components[0]} (activation units)" } })],
        YAxis = [.. planes.Select((plane, place) => new YAxis
        {
            Title = new() { Text = $"component {plane.Components[1]} (activation units)" },
            ScaleAnchor = place == 0 ? "x" : $"x{place + 1}",
        })],
    };
}
