using Interp.Compute;
using Interp.Models.Training;

namespace Interp.Analysis.Geometry.Objective;

/// <summary>
/// The intrinsic dimension of an objective: the least dimension of a random affine subspace through the initial weights in which training
/// reaches nine tenths of full training's accuracy. Source: Li et al., arXiv 1804.08838 (d_int90).
/// </summary>
public static class ObjectiveAnalysis
{
    private const int SmallestDefault = 16;
    private const int DefaultShare = 4;
    private const double LargestRate = 10;
    private const double PoorAccuracy = 0.5;

    /// <summary>The catalogue's line.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<ITrainingRecipe, ObjectiveOptions, ObjectiveResult>(
        "geometry-objective",
        "Dimension of the objective",
        "Trains a recipe in random subspaces of its parameters and finds how few dimensions are enough.",
        SourceKinds.None,
        (_, options) => TrainingRecipes.Find(options.Recipe),
        Run,
        ObjectiveFigures.Draw);

    /// <summary>Trains the recipe once whole and once in each subspace.</summary>
    /// <param name="recipe">The recipe; initial weights, examples and optimiser are its own.</param>
    /// <param name="options">The subspaces.</param>
    /// <param name="progress">Receives every step.</param>
    /// <param name="cancellation">Stops after the current step.</param>
    /// <exception cref="InterpException">A dimension is larger than the number of parameters, or a dense projection does not fit.</exception>
    /// <remarks>Runs on one core. Memory: three numbers a parameter for the projection beside training's own.</remarks>
    public static ObjectiveResult Run(ITrainingRecipe recipe, ObjectiveOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(options);
        using var noGradient = TorchSharp.torch.no_grad();
        var parameters = CountParameters(recipe);
        var dimensions = Dimensions(options, parameters);
        var full = Train(recipe, options, null, 0, parameters, progress, cancellation);
        var subspaces = new List<SubspaceTraining>();
        foreach (var dimension in dimensions)
        {
            for (var draw = 0; draw < options.Draws; draw++)
            {
                using var projection = RandomProjection.Draw(options.Projection, parameters, dimension, options.Seed + draw);
                subspaces.Add(Train(recipe, options, projection, draw, parameters, progress, cancellation));
            }
        }

        return new ObjectiveResult
        {
            Recipe = recipe.Name,
            Parameters = parameters,
            Share = options.Share,
            Full = full,
            Subspaces = subspaces,
            TrainingDimension = Least(subspaces, training => training.TrainAccuracy, options.Share * full.TrainAccuracy),
            HeldOutDimension = Least(subspaces, training => training.HeldOutAccuracy, options.Share * full.HeldOutAccuracy),
            Warnings = [.. Warnings(options, full)],
        };
    }

    /// <summary>The least dimension whose median is enough.</summary>
    internal static int? Least(IEnumerable<SubspaceTraining> trainings, Func<SubspaceTraining, double> of, double enough) => trainings
        .GroupBy(training => training.Dimension).OrderBy(group => group.Key)
        .FirstOrDefault(group => NeighbourDimensions.Median(group.Select(of)) >= enough)?.Key;

    private static int CountParameters(ITrainingRecipe recipe)
    {
        using var opened = recipe.Open(recipe.Training.Seed);
        return checked((int)opened.Objective.Parameters.Values.Sum(parameter => parameter.numel()));
    }

    private static int[] Dimensions(ObjectiveOptions options, int parameters)
    {
        if (options.Dimensions.Count == 0)
        {
            var powers = new List<int>();
            for (var dimension = SmallestDefault; dimension <= Math.Max(parameters / DefaultShare, SmallestDefault); dimension *= 2)
            {
                powers.Add(dimension);
            }

            return [.. powers.Where(dimension => dimension <= parameters)];
        }

        var wrong = options.Dimensions.Where(dimension => dimension < 1 || dimension > parameters).ToArray();
        return wrong.Length == 0
            ? [.. options.Dimensions.Distinct().Order()]
            : throw new InterpException($"dimensions are from 1 to the {parameters} parameters of the recipe: {string.Join(", ", wrong)} is not");
    }

    private static SubspaceTraining Train(
        ITrainingRecipe recipe, ObjectiveOptions options, RandomProjection? projection, int draw, int parameters, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var opened = recipe.Open(recipe.Training.Seed);
        var training = recipe.Training with { Steps = options.Steps > 0 ? options.Steps : recipe.Training.Steps, StepsAfterTarget = 0 };
        using var subspace = projection is null ? null : new SubspaceObjective(opened.Objective, projection);
        if (projection is not null)
        {
            // A step moves the parameters as far as the recipe's does, and decay shrinks them as much.
            var factor = options.RateFactor * Math.Sqrt(parameters / (double)projection.Dimension);
            training = training with { LearningRate = Math.Min(LargestRate, training.LearningRate * factor), WeightDecay = training.WeightDecay / factor };
        }

        var label = projection is null ? "train all parameters" : $"train {projection.Dimension} dimensions";
        var result = Trainer.Run(subspace ?? opened.Objective, training, null, progress is null ? null : new Renamed(progress, label), cancellation);
        subspace?.Settle();
        var (trainLoss, trainAccuracy) = opened.EvaluateTraining(cancellation);
        return new SubspaceTraining(
            projection?.Dimension ?? parameters,
            draw,
            result.Steps,
            trainLoss,
            Math.Max(trainAccuracy, training.BatchSize > 0 ? 0 : result.History.Max(point => point.TrainAccuracy)),
            result.History[^1].HeldOutLoss,
            result.History.Max(point => point.HeldOutAccuracy));
    }

    private static IEnumerable<string> Warnings(ObjectiveOptions options, SubspaceTraining full)
    {
        if (Math.Min(full.TrainAccuracy, full.HeldOutAccuracy) < PoorAccuracy)
        {
            yield return $"training all parameters reached an accuracy of {full.TrainAccuracy:0.###} on the training and {full.HeldOutAccuracy:0.###} on the held-out examples: a share of a poor accuracy says nothing, train longer";
        }

        yield return "the dimension is of the objective with its optimiser and initial weights, and only as exact as the dimensions tried lie close together";
        if (options.Draws < 3)
        {
            yield return "one or two subspaces a dimension show no spread: use --draws 3 or more before comparing objectives";
        }
    }

    /// <summary>A training's steps under its own name.</summary>
    private sealed class Renamed(IProgress<StepProgress> progress, string label) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => progress.Report(value with { Stage = label });
    }
}
