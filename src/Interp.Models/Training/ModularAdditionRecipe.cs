using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training;

/// <summary>How one of the shipped modular-addition models is made, from nothing but a seed.</summary>
public sealed record ModularAdditionRecipe : ITrainingRecipe
{
    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required string Summary { get; init; }

    /// <summary>The model's sizes.</summary>
    public required ModularAdditionShape Shape { get; init; }

    /// <summary>The share of all p² pairs that is trained on, 0–1.</summary>
    public required double TrainFraction { get; init; }

    /// <summary>The optimiser and the stop rule, with the seed of the shipped model.</summary>
    public required TrainingOptions Training { get; init; }

    /// <inheritdoc/>
    public RecipeMetrics Train(string folder, long? seed = null, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        RecipeRun.Train(this, folder, seed, progress, cancellation);

    /// <inheritdoc/>
    public RecipeObjective Open(long seed)
    {
        var (split, parameters) = Start(seed);
        var objective = new ModularAdditionObjective(Shape, parameters, split);
        return new RecipeObjective(objective, _ => objective.EvaluateTraining(), [objective, .. parameters.Values]);
    }

    /// <summary>The training and test pairs of a seed.</summary>
    public ModularAdditionSplit Split(long seed) => ModularAdditionSplit.Create(Shape.Modulus, TrainFraction, seed);

    /// <summary>The split and the initial weights of a seed, drawn from one source in this order.</summary>
    /// <returns>The split, and float32 CPU tensors under TransformerLens's names and layouts, owned by the caller.</returns>
    public (ModularAdditionSplit Split, IReadOnlyDictionary<string, Tensor> Parameters) Start(long seed)
    {
        var random = ModularAdditionSplit.RandomFor(seed);
        var split = ModularAdditionSplit.Draw(Shape.Modulus, TrainFraction, random);
        return (split, Shape.Initialize(random));
    }
}
