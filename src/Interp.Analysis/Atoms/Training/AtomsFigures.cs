using System.Globalization;
using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Analysis.Atoms.Training;

/// <summary>The figures of a training run.</summary>
public static class AtomsFigures
{
    /// <summary>Draws the training curves, what the dictionary reaches, and how its latents fire and lie.</summary>
    public static IReadOnlyList<Figure> Draw(AtomsResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [Loss(result), Sparsity(result), Explained(result), Trade(result), DictionaryFigures.Density(result.Density), DictionaryFigures.Nearest(result.NearestDirections)];
    }

    private static Figure Loss(AtomsResult result)
    {
        const string Title = "Loss during training";
        return new Figure(
            "training-loss",
            Title,
            "Reconstruction loss and whole loss of single batches, inputs scaled to unit mean square; the difference is the price of sparsity.",
            [
                Line("reconstruction", result, point => point.Reconstruction),
                Line("reconstruction and sparsity", result, point => point.Loss),
            ],
            FigureLayout.LogY(Title, "optimiser steps", "loss (share of the mean square)"));
    }

    private static Figure Sparsity(AtomsResult result)
    {
        const string Title = "Active latents during training";
        var traces = new List<ITrace> { Line("training batches", result, point => point.L0), Line("held-out rows", result, point => point.HeldOutL0) };
        if (result.TargetL0 is { } target)
        {
            traces.Add(Line("wanted", result, _ => target));
        }

        return new Figure(
            "training-l0", Title, "Active latents a row (L0) on training batches and on held-out rows.", traces, FigureLayout.Linear(Title, "optimiser steps", "active latents a row"));
    }

    private static Figure Explained(AtomsResult result)
    {
        const string Title = "Explained variance and dead latents during training";
        return new Figure(
            "training-explained-variance",
            Title,
            "Share of the held-out rows' variance that the reconstruction explains (below zero: worse than their mean), and share of latents that have not fired for long.",
            [
                Line("held-out explained variance", result, point => 100 * point.HeldOutExplainedVariance),
                Line("dead latents", result, point => 100 * point.DeadFraction),
            ],
            FigureLayout.Linear(Title, "optimiser steps", "share (%)"));
    }

    private static Figure Trade(AtomsResult result)
    {
        const string Title = "Active latents against explained variance";
        return new Figure(
            "l0-explained-variance",
            Title,
            string.Create(CultureInfo.InvariantCulture, $"Where this dictionary stands: {result.L0:F1} active latents a row on training rows. Compare dictionaries only at equal L0; a gap between the points is memorising."),
            result.Grid.Count > 0
                ? [.. result.Grid.Where(row => row.Failure is null).Select(row => (ITrace)Point(row.Name, row.HeldOutL0, row.HeldOutExplainedVariance))]
                :
                [
                    Point("training rows", result.L0, result.ExplainedVariance),
                    Point("held-out rows", result.HeldOutL0, result.HeldOutExplainedVariance),
                ],
            FigureLayout.Linear(Title, "active latents a row (L0)", "explained variance (%)"));
    }

    private static Scatter Point(string name, double l0, double explained) =>
        new() { Name = name, Mode = ModeFlag.Markers, X = [l0], Y = [100 * explained] };

    private static Scatter Line(string name, AtomsResult result, Func<AtomsTrainingPoint, double> value) => new()
    {
        Name = name,
        Mode = ModeFlag.Lines,
        X = [.. result.History.Select(point => (object)point.Step)],
        Y = [.. result.History.Select(point => (object)value(point))],
    };
}
