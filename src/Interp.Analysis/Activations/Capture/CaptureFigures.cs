using Plotly.Blazor;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Analysis.Activations.Capture;

/// <summary>The figures of a capture.</summary>
public static class CaptureFigures
{
    /// <summary>Draws how long the rows are.</summary>
    public static IReadOnlyList<Figure> Draw(CaptureResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        const string Title = "Lengths of the captured rows";
        return
        [
            new Figure(
                "row-norms",
                Title,
                "Share of rows by the length of the activation vector, for each hook. A few rows far to the right are attention sinks, which dominate mean squares.",
                [.. result.Hooks.Select(hook => (ITrace)Trace(hook, result.Rows))],
                FigureLayout.LogX(Title, "length of the activation vector", "share of rows (%)")),
        ];
    }

    private static Scatter Trace(CapturedHook hook, long rows) => new()
    {
        Name = hook.Name,
        Mode = ModeFlag.Lines,
        X = [.. hook.NormCounts.Select((_, bin) => (object)Math.Pow(10, (hook.NormLogEdges[bin] + hook.NormLogEdges[bin + 1]) / 2))],
        Y = [.. hook.NormCounts.Select(count => (object)(100.0 * count / rows))],
    };
}
