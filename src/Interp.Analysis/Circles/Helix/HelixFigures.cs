using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using Plotly.Blazor.Traces;

namespace Interp.Analysis.Circles.Helix;

/// <summary>The figures of a helix fit.</summary>
public static class HelixFigures
{
    /// <summary>Draws what each basis explains and what each part of the helix adds.</summary>
    public static IReadOnlyList<Figure> Draw(HelixResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return
        [
            Bars(
                "bases",
                "Variance of number activations explained",
                "R² of each basis in all directions of the activations, for the numbers that were fitted and those held out. Principal components of as many dimensions are the most that any basis could explain of the fitted ones.",
                [.. result.Fits.Select(fit => $"{fit.Name} (rank {fit.Rank})")],
                "R²",
                ("fitted numbers", [.. result.Fits.Select(fit => fit.R2)]),
                ("numbers held out", [.. result.Fits.Select(fit => fit.HeldOutR2)])),
            Bars(
                "parts",
                "What each part of the helix adds",
                "The held-out R² that the helix loses without each of its circles, and without its line.",
                [.. result.Parts.Select(part => part.Name)],
                "loss of held-out R²",
                ("loss", [.. result.Parts.Select(part => part.Loss)])),
        ];
    }

    private static Figure Bars(string name, string title, string description, object[] names, string unit, params (string Name, double[] Values)[] series) => new(
        name,
        title,
        description,
        [.. series.Select(one => (ITrace)new Bar { Name = one.Name, X = [.. names], Y = CloudTraces.Boxed(one.Values) })],
        new Layout
        {
            Title = new Title { Text = title },
            BarMode = BarModeEnum.Group,
            XAxis = [new XAxis { Title = new() { Text = "basis" }, Type = Plotly.Blazor.LayoutLib.XAxisLib.TypeEnum.Category }],
            YAxis = [new YAxis { Title = new() { Text = unit } }],
        });
}
