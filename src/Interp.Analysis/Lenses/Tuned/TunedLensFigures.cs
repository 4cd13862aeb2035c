using Plotly.Blazor;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Analysis.Lenses.Tuned;

/// <summary>The figures of a tuned lens.</summary>
public static class TunedLensFigures
{
    /// <summary>Draws the divergence by layer before and after training, and the training curve.</summary>
    public static IReadOnlyList<Figure> Draw(TunedLensResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        const string Layers = "How far each layer's lens is from the final prediction";
        const string Curve = "Training of the lens";
        var blocks = Enumerable.Range(0, result.LogitLensNats.Length).Select(layer => (double)layer).ToArray();
        return
        [
            new Figure(
                "lens-divergence",
                Layers,
                "Kullback–Leibler divergence of the lens's prediction from the model's own, in nats a token, on batches that were kept apart, by the block that the stream enters.",
                [Line("logit lens", blocks, result.LogitLensNats), Line("tuned lens", blocks, result.TunedLensNats)],
                FigureLayout.Linear(Layers, "stream entering block", "KL (nats a token)")),
            new Figure(
                "lens-training",
                Curve,
                "The mean over layers of the divergence on each step's batch, in nats a token.",
                [Line("loss", [.. result.History.Select(point => (double)point.Step)], [.. result.History.Select(point => point.LossNats)])],
                FigureLayout.Linear(Curve, "step", "KL (nats a token)")),
        ];
    }

    private static Scatter Line(string name, double[] x, double[] y) => new()
    {
        Name = name,
        Mode = ModeFlag.Lines | ModeFlag.Markers,
        X = [.. x.Select(value => (object)value)],
        Y = [.. y.Select(value => (object)value)],
    };
}
