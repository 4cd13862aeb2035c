using Interp.Models.Training;
using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>How the model came to be, from the history that its folder records.</summary>
internal static class TrainingFigure
{
    /// <summary>Draws losses, accuracies and the weights' size by step, side by side.</summary>
    public static Figure Draw(IReadOnlyList<TrainingPoint> history)
    {
        const string Title = "Memorised first, understood later";
        Scatter Line(int panel, string name, Func<TrainingPoint, double> value) => new()
        {
            Name = name,
            Mode = ModeFlag.Lines,
            X = [.. history.Select(point => (object)point.Step)],
            Y = [.. history.Select(point => (object)value(point))],
            XAxis = FourierPanels.AxisName("x", panel),
            YAxis = FourierPanels.AxisName("y", panel),
        };
        return new Figure(
            "training",
            Title,
            "Loss, accuracy and squared weight norm at each evaluation of the training. Training pairs are learned by heart first; the held-out loss falls as the circles form, and once memory is no longer needed the weight decay clears it away.",
            [
                Line(0, "training loss", point => point.TrainLoss),
                Line(0, "held-out loss", point => point.HeldOutLoss),
                Line(1, "training accuracy", point => 100 * point.TrainAccuracy),
                Line(1, "held-out accuracy", point => 100 * point.HeldOutAccuracy),
                Line(2, "squared weight norm", point => point.SquaredWeightNorm),
            ],
            new Layout
            {
                Title = new Title { Text = Title },
                Grid = new Grid { Rows = 1, Columns = 3, Pattern = Plotly.Blazor.LayoutLib.GridLib.PatternEnum.Independent },
                XAxis = [Steps(), Steps(), Steps()],
                YAxis =
                [
                    new YAxis { Title = new() { Text = "loss (nats)" }, Type = Plotly.Blazor.LayoutLib.YAxisLib.TypeEnum.Log },
                    new YAxis { Title = new() { Text = "accuracy (%)" } },
                    new YAxis { Title = new() { Text = "squared weight norm" } },
                ],
            });
    }

    private static XAxis Steps() => new() { Title = new() { Text = "step" } };
}
