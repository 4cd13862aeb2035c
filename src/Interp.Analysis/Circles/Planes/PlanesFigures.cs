using System.Globalization;
using Plotly.Blazor;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Analysis.Circles.Planes;

/// <summary>The figures of a search for planes of circles.</summary>
public static class PlanesFigures
{
    private const int Drawn = 4;

    /// <summary>Draws the best planes, all planes by their two indices, and the components' shares of the variance.</summary>
    public static IReadOnlyList<Figure> Draw(PlanesResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [.. result.Planes.Take(Drawn).Where(plane => plane.ShownX.Length > 0).Select((plane, rank) => Plane(plane, rank + 1, result)), Indices(result), Shares(result)];
    }

    private static string NameOf(PlaneReport plane) => plane.Kind == PlaneKind.Components
        ? $"components {plane.Components[0]} and {plane.Components[1]}"
        : $"plane of frequency {plane.Fit.Frequency}";

    private static Figure Plane(PlaneReport plane, int rank, PlanesResult result)
    {
        var modulus = result.Clouds.First(cloud => cloud.Name == plane.Cloud).Modulus;
        var title = $"{rank}. {NameOf(plane)}: {plane.Cloud}";
        double AngleOf(int residue) => FrequencyReader.Angle(plane.Fit.Frequency, residue, modulus);

        // Through the mean points in the order of kr mod p: a circle that turns once when the angle follows frequency k.
        int[] order = [.. Enumerable.Range(0, modulus).OrderBy(AngleOf).ThenBy(residue => residue)];
        int[] closed = [.. order, order[0]];
        return new Figure(
            $"plane-{rank}",
            title,
            string.Create(CultureInfo.InvariantCulture, $"Points in this plane, coloured by the angle 2πkr/p of their residue r at frequency k = {plane.Fit.Frequency}; the line joins the residues' mean points in that order. Separability {plane.SeparabilityBits:F2} bits (shuffled: {plane.NullQuantile95Bits:F2}), mixture {plane.Mixture:F2}, {plane.Points} points. A circle here does not show that the model uses it."),
            [
                CloudTraces.Points("points", plane.ShownX, plane.ShownY, plane.ShownLabels.Select(label => label.ToString(CultureInfo.InvariantCulture)), plane.ShownLabels.Select(AngleOf)),
                CloudTraces.Line("mean points in the order of k·r", closed.Select(r => plane.CentroidX[r]), closed.Select(r => plane.CentroidY[r])),
            ],
            CloudTraces.Square(title, "first axis (activation units)", "second axis (activation units)"));
    }

    private static Figure Indices(PlanesResult result)
    {
        const string Title = "Planes by separability and mixture";
        var top = Math.Max(result.MinimumSeparability, result.Planes.Select(plane => plane.SeparabilityBits).DefaultIfEmpty(0).Max()) * 1.05;
        var traces = new List<ITrace>
        {
            CloudTraces.Line("thresholds", [0, result.MaximumMixture, result.MaximumMixture], [result.MinimumSeparability, result.MinimumSeparability, top]),
        };
        traces.AddRange(result.Planes.GroupBy(plane => (plane.Cloud, plane.IsCircle)).Select(group => new Scatter
        {
            Name = $"{group.Key.Cloud}{(group.Key.IsCircle ? ", ordered circles" : "")}",
            Mode = ModeFlag.Markers,
            X = CloudTraces.Boxed(group.Select(plane => plane.Mixture)),
            Y = CloudTraces.Boxed(group.Select(plane => plane.SeparabilityBits)),
            TextArray = [.. group.Select(NameOf)],
        }));
        return new Figure(
            "planes-by-index",
            Title,
            "Every plane by its mixture and separability index; irreducible planes lie above and left of the thresholds. Values of sets with different numbers of points are not comparable: few points raise separability.",
            traces,
            FigureLayout.Linear(Title, "mixture index (share of points)", "separability index (bits)"));
    }

    private static Figure Shares(PlanesResult result)
    {
        const string Title = "Variance by principal component";
        return new Figure(
            "variance-shares",
            Title,
            "Each leading principal component's share of the variance. A circle takes two components of nearly equal share.",
            [.. result.Clouds.Select(cloud => new Bar
            {
                Name = cloud.Name,
                X = [.. cloud.VarianceShares.Select((_, i) => (object)i)],
                Y = CloudTraces.Boxed(cloud.VarianceShares.Select(share => 100 * share)),
            })],
            FigureLayout.Linear(Title, "principal component", "share of variance (%)"));
    }
}
