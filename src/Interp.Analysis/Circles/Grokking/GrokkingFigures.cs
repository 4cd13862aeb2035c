using System.Globalization;
using Plotly.Blazor;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Analysis.Circles.Grokking;

/// <summary>The figures of a training gone through again.</summary>
public static class GrokkingFigures
{
    /// <summary>Draws the losses that show hidden progress, the frequencies' rise, and the weights' size.</summary>
    public static IReadOnlyList<Figure> Draw(GrokkingResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [Losses(result), Frequencies(result), Weights(result)];
    }

    private static Figure Losses(GrokkingResult result)
    {
        const string Title = "Hidden progress: losses with and without the final frequencies";
        return new Figure(
            "hidden-progress",
            Title,
            "Mean loss by step. The training pairs are memorised first. The restricted loss, with nothing but the final model's frequencies in the logits, falls before the held-out loss does: circles form while nothing of it shows. The excluded loss, without them, tells how much memory alone could still do.",
            [
                Line(result, "training pairs", point => point.TrainLoss),
                Line(result, "held-out pairs", point => point.HeldOutLoss),
                Line(result, "restricted (held-out pairs)", point => point.RestrictedLoss),
                Line(result, "excluded (training pairs)", point => point.ExcludedLoss),
                Line(result, "guessing, ln p", _ => Math.Log(result.Modulus)),
            ],
            FigureLayout.LogY(Title, "step", "loss (nats)"));
    }

    private static Figure Frequencies(GrokkingResult result)
    {
        const string Title = "Variance of the logits by frequency during training";
        return new Figure(
            "frequencies-by-step",
            Title,
            $"Share of the centred logits' variance that cos(2πk(a + b − c)/{result.Modulus}) explains, for the frequencies that carry the final model.",
            [.. result.Frequencies.Select((k, i) => Line(result, $"k = {k.ToString(CultureInfo.InvariantCulture)}", point => 100 * point.VarianceExplained[i]))],
            FigureLayout.Linear(Title, "step", "share of variance (%)"));
    }

    private static Figure Weights(GrokkingResult result)
    {
        const string Title = "Size of the weights during training";
        return new Figure(
            "weights-by-step",
            Title,
            "Sum of all squared weights by step: it rises while pairs are memorised and falls as weight decay clears away what the circles do not need.",
            [Line(result, "squared weight norm", point => point.SquaredWeightNorm)],
            FigureLayout.Linear(Title, "step", "squared weight norm"));
    }

    private static Scatter Line(GrokkingResult result, string name, Func<GrokkingPoint, double> value) => new()
    {
        Name = name,
        Mode = ModeFlag.Lines,
        X = [.. result.Points.Select(point => (object)point.Step)],
        Y = [.. result.Points.Select(point => (object)value(point))],
    };
}
