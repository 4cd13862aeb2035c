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
        var shown = result.Clusters.Where(cluster => cluster.ShownRows.Length > 0).ToArray();
        return [Scores(result), .. shown.Length > 0 ? [PlaneSlider.Draw(shown, result)] : Array.Empty<Figure>(), .. result.Clusters.Take(Drawn).Where(cluster => cluster.ShownRows.Length > 0).Select((cluster, rank) => Planes(cluster, rank + 1, result))];
    }

    private static Figure Scores(FindResult result)
    {
        const string Title = "Scores of clusters and of random sets of latents";
        static Scatter Sorted(string name, double[] scores) =>
            CloudTraces.Line(name, scores.Select((_, rank) => (rank + 0.5) / scores.Length), scores);
        return new Figure(
            "scores",
            Title,
            string.Create(CultureInfo.InvariantCulture, $"The scores of {result.Scores.Length} clusters and of {result.ControlSets} random sets of as many latents, each in descending order over its share. Clusters above the random sets' 95th percentile: {result.ClustersAboveControl ?? 0}."),
            [Sorted("clusters", result.Scores), Sorted("random sets", result.ControlScores)],
            FigureLayout.Linear(Title, "share of clusters or sets", "score (1 − M)·S (bits)"));
    }

    private static Figure Planes(FoundCluster cluster, int rank, FindResult result)
    {
        var title = $"{rank}. Cluster {cluster.Id}: {cluster.Latents.Length} latents";
        var best = cluster.Planes.MaxBy(plane => plane.Score)!;
        var frequency = best.Fit?.Frequency;
        var colours = Colours(cluster, best, result);
        var labels = Labels(cluster);
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
            string.Create(CultureInfo.InvariantCulture, $"The cluster's reconstructions on {cluster.ShownRows.Length} of the {cluster.Tokens} tokens it was judged by, in the planes of each principal component and the next. Best: {Name(best)}, score {best.Score:F2} bits. The first component is mostly overall intensity, so circles tend to show in later planes.{(colours is null ? "" : cluster.ShownAngles.Length > 0 ? $" Colour: the place of a day or a month in its cycle; other tokens have none.{OnCircle(cluster)}" : frequency is null ? " Colour: the ten commonest tokens, one each." : $" Colour: the angle of the answer at frequency {frequency}.")}"),
            [.. traces],
            Grid(title, cluster.Planes));
    }

    private static string OnCircle(FoundCluster cluster) => string.Concat(
        from plane in cluster.Planes
        from fit in plane.Cycles
        where fit.IsCircle
        select string.Create(CultureInfo.InvariantCulture, $" In components {plane.Components[0]} and {plane.Components[1]} the {fit.Cycle} stand in order on a circle (harmonic {fit.Fit.Frequency}, R² {fit.Fit.R2:F2})."));

    /// <summary>A word for each shown point: its answer, its token's text, or the token's number.</summary>
    internal static string[] Labels(FoundCluster cluster) =>
        cluster.ShownResidues.Length > 0 ? Array.ConvertAll(cluster.ShownResidues, residue => residue.ToString(CultureInfo.InvariantCulture))
        : cluster.ShownTexts.Length > 0 ? cluster.ShownTexts
        : Array.ConvertAll(cluster.ShownTokens, token => token.ToString(CultureInfo.InvariantCulture));

    /// <summary>The angle that colours each shown point: of its answer at a plane's frequency, of its word in a cycle, or of the place of its token among the commonest; null where none is known.</summary>
    internal static double[]? Colours(FoundCluster cluster, FoundPlane plane, FindResult result)
    {
        if (plane.Fit?.Frequency is { } frequency && cluster.ShownResidues.Length > 0)
        {
            return Array.ConvertAll(cluster.ShownResidues, residue => FrequencyReader.Angle(frequency, residue, result.Modulus!.Value));
        }

        if (cluster.ShownAngles.Length > 0)
        {
            return Array.ConvertAll(cluster.ShownAngles, angle => angle ?? double.NaN);
        }

        var places = cluster.TopTokens.Select((token, place) => (token.Token, place)).ToDictionary(pair => pair.Token, pair => pair.place);
        return places.Count < 2 || cluster.ShownTokens.Length == 0
            ? null
            : Array.ConvertAll(cluster.ShownTokens, token => 2 * Math.PI * places.GetValueOrDefault(token, places.Count) / (places.Count + 1));
    }

    internal static string Name(FoundPlane plane) => string.Create(
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
