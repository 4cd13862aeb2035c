using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using Plotly.Blazor.Traces;

namespace Interp.Analysis.Circles.Probe;

/// <summary>The figure of helix fits.</summary>
internal static class HelixFigure
{
    /// <summary>Draws the held-out share of every basis by layer.</summary>
    public static Figure Draw(ProbeResult result)
    {
        const string Title = "Numbers on a helix";
        return new Figure(
            "helix",
            Title,
            $"Variance of the activations of {result.Problems} numbers that each basis explains on the quarter of the values that was not fitted; below nothing is drawn as nothing. Principal components see the activations themselves and bound what any basis of their size could reach.",
            [
                .. result.Helices.GroupBy(row => row.Basis).Select(group => new Bar
                {
                    Name = group.Key,
                    X = [.. group.Select(row => (object)row.Layer)],
                    Y = [.. group.Select(row => (object)Math.Max(0, row.HeldOutR2))],
                }),
            ],
            new Layout
            {
                Title = new Title { Text = Title },
                BarMode = BarModeEnum.Group,
                XAxis = [new XAxis { Title = new() { Text = "layer" }, Type = Plotly.Blazor.LayoutLib.XAxisLib.TypeEnum.Category }],
                YAxis = [new YAxis { Title = new() { Text = "held-out R²" } }],
            });
    }
}
