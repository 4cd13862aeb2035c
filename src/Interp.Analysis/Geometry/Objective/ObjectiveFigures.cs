using Plotly.Blazor;
using static Interp.Analysis.FigureTraces;

namespace Interp.Analysis.Geometry.Objective;

/// <summary>The figures of the objective's dimension.</summary>
public static class ObjectiveFigures
{
    /// <summary>Draws the accuracies and the training loss against the dimension.</summary>
    public static IReadOnlyList<Figure> Draw(ObjectiveResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [Accuracies(result), Losses(result)];
    }

    private static Figure Accuracies(ObjectiveResult result)
    {
        const string Title = "Accuracy by the dimension of the subspace";
        return new Figure(
            "objective-accuracy",
            Title,
            $"The best accuracy of {result.Recipe} trained in random subspaces, against their dimension. The last points train all {result.Parameters} parameters; lines mark {result.Share:0.##} of their accuracy.",
            [
                .. Curve(result, "training examples", training => training.TrainAccuracy),
                Enough(result, "enough, training", result.Full.TrainAccuracy),
                .. Curve(result, "held-out examples", training => training.HeldOutAccuracy),
                Enough(result, "enough, held out", result.Full.HeldOutAccuracy),
            ],
            FigureLayout.LogX(Title, "dimension of the subspace", "accuracy (share)"));
    }

    private static Figure Losses(ObjectiveResult result)
    {
        const string Title = "Loss by the dimension of the subspace";
        return new Figure(
            "objective-loss",
            Title,
            "The mean loss at the end of training, against the dimension of the subspace; the last points train all parameters.",
            [.. Curve(result, "training examples", training => training.TrainLoss), .. Curve(result, "held-out examples", training => training.HeldOutLoss)],
            FigureLayout.LogLog(Title, "dimension of the subspace", "loss (nats)"));
    }

    private static IEnumerable<ITrace> Curve(ObjectiveResult result, string name, Func<SubspaceTraining, double> of)
    {
        SubspaceTraining[] all = [.. result.Subspaces, result.Full];
        var medians = all.GroupBy(training => training.Dimension).OrderBy(group => group.Key).ToArray();
        yield return Measured(name, [.. medians.Select(group => (double)group.Key)], [.. medians.Select(group => NeighbourDimensions.Median(group.Select(of)))]);
        if (result.Subspaces.Any(training => training.Draw > 0))
        {
            yield return Points($"{name}, each subspace", all.Select(training => (double)training.Dimension), all.Select(of));
        }
    }

    private static Plotly.Blazor.Traces.Scatter Enough(ObjectiveResult result, string name, double full) =>
        Line(name, [result.Subspaces.Min(training => training.Dimension), result.Parameters], [result.Share * full, result.Share * full]);
}
