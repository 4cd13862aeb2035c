using System.Globalization;
using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using Plotly.Blazor.Traces;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>Spectrum, decodability and causality of the measured frequencies in three panels that share their order.</summary>
internal static class FourierPanels
{
    private const double Gap = 0.08;

    /// <summary>Draws the panels.</summary>
    public static Figure Draw(FourierResult result)
    {
        const string Title = "Structure is not computation: spectrum, decodability, causality";
        var rows = result.Frequencies.Where(row => row.RemoveAccuracy is not null).OrderByDescending(row => row.Power).ToArray();
        var names = rows.Select(row => row.Frequency.ToString(CultureInfo.InvariantCulture)).ToArray();
        Bar Panel(int panel, string name, Func<FrequencyMeasure, double?> height) => new()
        {
            Name = name,
            X = [.. names],
            Y = FourierFigures.Boxed(rows.Select(height)),
            XAxis = AxisName("x", panel),
            YAxis = AxisName("y", panel),
        };
        return new Figure(
            "structure-and-computation",
            Title,
            Description(result),
            [
                Panel(0, "energy of the embedding (%)", row => 100 * row.Power),
                Panel(1, "embedding probe, held-out R²", row => Math.Max(0, row.EmbeddingProbe!.HeldOutR2)),
                Panel(1, "shuffled labels, 95th percentile", row => Math.Max(0, row.EmbeddingProbeNull!.Value)),
                Panel(1, "last residual probe of a + b, held-out R²", row => Math.Max(0, row.ResidualProbe!.HeldOutR2)),
                Panel(2, "accuracy lost when the plane is removed (%)", row => 100 * (result.Accuracy - row.RemoveAccuracy!.Value)),
                Panel(2, "accuracy when only this plane is kept (%)", row => 100 * row.KeepAccuracy!.Value),
            ],
            new Layout
            {
                Title = new Title { Text = Title },
                BarMode = BarModeEnum.Group,
                XAxis = [Category(0, "frequency k"), Category(1, "frequency k"), Category(2, "frequency k")],
                YAxis = [Value(0, "spectrum: energy (%)"), Value(1, "decodability: R²"), Value(2, "causality: accuracy (%)")],
            });
    }

    /// <summary>Plotly's name of the i-th axis: x, x2, x3.</summary>
    public static string AxisName(string axis, int index) => index == 0 ? axis : $"{axis}{index + 1}";

    private static string Description(FourierResult result)
    {
        var decoys = result.DecoyFrequencies.Length == 0
            ? "No clean circle of this model is unused."
            : $"Decoys, clean circles that the model does not use: k = {string.Join(", ", result.DecoyFrequencies)}.";
        return $"For the strongest frequencies, side by side: energy in the embedding; how well a linear probe reads the circle from it and from the last residual stream; what removing the plane costs. {decoys}";
    }

    private static XAxis Category(int panel, string title) => new()
    {
        Title = new() { Text = title },
        Type = Plotly.Blazor.LayoutLib.XAxisLib.TypeEnum.Category,
        Domain = [(panel / 3.0) + (panel == 0 ? 0 : Gap / 2), ((panel + 1) / 3.0) - (panel == 2 ? 0 : Gap / 2)],
        Anchor = AxisName("y", panel),
    };

    private static YAxis Value(int panel, string title) => new() { Title = new() { Text = title }, Anchor = AxisName("x", panel) };
}
