using Interp.Compute;

namespace Interp.Models.Training;

/// <summary>How a shipped model is made again, from nothing but a seed.</summary>
public interface ITrainingRecipe
{
    /// <summary>The recipe's and the model's name.</summary>
    string Name { get; }

    /// <summary>One sentence: what the model is for.</summary>
    string Summary { get; }

    /// <summary>The optimiser and the stop rule, with the recipe's own seed.</summary>
    TrainingOptions Training { get; }

    /// <summary>What is minimised, with the initial weights of a seed, before any step.</summary>
    /// <returns>The objective, owned by the caller.</returns>
    RecipeObjective Open(long seed);

    /// <summary>
    /// Trains and writes the model folder, whole or not at all. While it trains, its state is kept in a folder of the same name with
    /// <c>.training</c> added; the same call goes on from it, and it is removed when the model is written.
    /// </summary>
    /// <remarks>Runs on one core, so that the bytes do not depend on how many there are.</remarks>
    /// <param name="folder">The model folder to make; it must not exist or be empty.</param>
    /// <param name="seed">The seed, or null for the recipe's own.</param>
    /// <param name="progress">Receives every step with its loss.</param>
    /// <param name="cancellation">Stops after the current step; the state is kept.</param>
    /// <returns>How it went, as written to <c>metrics.json</c>.</returns>
    /// <exception cref="InterpException">The folder is taken, or the state beside it is another run's.</exception>
    RecipeMetrics Train(string folder, long? seed = null, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default);
}
