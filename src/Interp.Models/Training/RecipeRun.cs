using Interp.Compute;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>Trains a recipe from nothing into a model folder.</summary>
public static class RecipeRun
{
    /// <summary>
    /// Trains the recipe and writes the model folder, whole or not at all. While it trains, its state is kept in a folder of
    /// the same name with <c>.training</c> added; the same call goes on from it, and it is removed when the model is written.
    /// </summary>
    /// <remarks>Runs on one core, so that the bytes do not depend on how many there are.</remarks>
    /// <param name="recipe">What to train.</param>
    /// <param name="folder">The model folder to make; it must not exist or be empty.</param>
    /// <param name="seed">The seed, or null for the recipe's own.</param>
    /// <param name="progress">Receives every step with its loss.</param>
    /// <param name="cancellation">Stops after the current step; the state is kept.</param>
    /// <returns>How it went, as written to <c>metrics.json</c>.</returns>
    /// <exception cref="InterpException">The folder is taken, or the state beside it is another run's.</exception>
    public static RecipeMetrics Train(
        ModularAdditionRecipe recipe,
        string folder,
        long? seed = null,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ModelFolder.CheckFree(folder);
        var options = recipe.Training with { Seed = seed ?? recipe.Training.Seed };
        var stateFolder = StateFolder(folder);
        var (split, parameters) = recipe.Start(options.Seed);
        using var oneCore = new SingleThread();
        try
        {
            using var objective = new ModularAdditionObjective(recipe.Shape, parameters, split);
            var result = Trainer.Run(objective, options, new CheckpointPolicy { Folder = stateFolder }, progress, cancellation);
            var metrics = Measure(recipe, options.Seed, objective, split, result);
            ModelFolder.Write(folder, recipe, parameters, metrics);
            TrainingState.Delete(stateFolder);
            return metrics;
        }
        finally
        {
            foreach (var parameter in parameters.Values)
            {
                parameter.Dispose();
            }
        }
    }

    /// <summary>Trains the recipe in memory and shows the model at the start and at every evaluation.</summary>
    /// <param name="recipe">What to train.</param>
    /// <param name="options">How; its seed draws the split and the initial weights.</param>
    /// <param name="observe">Sees the objective before the first step and at each point of the history; nothing of it may be kept.</param>
    /// <param name="progress">Receives every step with its loss.</param>
    /// <param name="cancellation">Stops after the current step.</param>
    /// <returns>The split and the history.</returns>
    /// <remarks>Runs on one core, as <see cref="Train"/> does, and so takes the same way.</remarks>
    public static (ModularAdditionSplit Split, TrainingResult Result) Watch(
        ModularAdditionRecipe recipe,
        TrainingOptions options,
        Action<ModularAdditionObjective> observe,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var (split, parameters) = recipe.Start(options.Seed);
        using var oneCore = new SingleThread();
        try
        {
            using var objective = new ModularAdditionObjective(recipe.Shape, parameters, split);
            observe(objective);
            return (split, Trainer.Run(new WatchedObjective(objective, observe), options, null, progress, cancellation));
        }
        finally
        {
            foreach (var parameter in parameters.Values)
            {
                parameter.Dispose();
            }
        }
    }

    /// <summary>Where a run keeps its state while it makes a model folder.</summary>
    internal static string StateFolder(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + ".training";

    private static RecipeMetrics Measure(
        ModularAdditionRecipe recipe, long seed, ModularAdditionObjective objective, ModularAdditionSplit split, TrainingResult result)
    {
        var train = objective.EvaluateTraining();
        var heldOut = objective.Evaluate();
        return new RecipeMetrics
        {
            Recipe = recipe.Name,
            Seed = seed,
            ParameterCount = objective.Parameters.Values.Sum(parameter => parameter.numel()),
            TrainPairs = split.Train.Count,
            HeldOutPairs = split.Test.Count,
            Steps = result.Steps,
            Stopped = result.Stopped,
            MemorizedStep = result.MemorizedStep,
            Step95 = result.FirstStepAt(0.95),
            Step99 = result.FirstStepAt(0.99),
            TrainLoss = train.Loss,
            TrainAccuracy = train.Accuracy,
            HeldOutLoss = heldOut.Loss,
            HeldOutAccuracy = heldOut.Accuracy,
            History = result.History,
        };
    }

    /// <summary>The objective itself, with someone looking on at each evaluation.</summary>
    private sealed class WatchedObjective(ModularAdditionObjective objective, Action<ModularAdditionObjective> observe) : ITrainingObjective
    {
        public IReadOnlyDictionary<string, Tensor> Parameters => objective.Parameters;

        public int ExampleCount => objective.ExampleCount;

        public (Tensor Loss, Tensor Accuracy) Loss(Tensor? examples) => objective.Loss(examples);

        public (double Loss, double Accuracy) Evaluate(CancellationToken cancellation = default)
        {
            var measured = objective.Evaluate(cancellation);
            observe(objective);
            return measured;
        }
    }
}
