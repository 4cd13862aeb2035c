using Interp.Compute;
using Interp.Models.Training.Calendar;

namespace Interp.Models.Training;

/// <summary>The recipes by which models can be trained again from nothing.</summary>
public static class TrainingRecipes
{
    /// <summary>All recipes.</summary>
    public static IReadOnlyList<ITrainingRecipe> All { get; } =
    [
        new ModularAdditionRecipe
        {
            Name = "clock-59",
            Summary = "One-layer transformer that adds modulo 59 on circles; the shipped demonstration model.",
            Shape = new ModularAdditionShape(Modulus: 59, Width: 64, HeadCount: 4, MlpWidth: 256),
            TrainFraction = 0.5,
            Training = new TrainingOptions { LearningRate = 3e-3, WeightDecay = 1, Seed = 1, Steps = 5000, TargetAccuracy = 0.99, StepsAfterTarget = 1500 },
        },
        new ModularAdditionRecipe
        {
            Name = "clock-31",
            Summary = "A small sibling that adds modulo 31 and trains in seconds; for tests and a first look.",
            Shape = new ModularAdditionShape(Modulus: 31, Width: 32, HeadCount: 4, MlpWidth: 128),
            TrainFraction = 0.6,
            Training = new TrainingOptions { LearningRate = 3e-3, WeightDecay = 1, Seed = 1, Steps = 5000, TargetAccuracy = 0.99, StepsAfterTarget = 2000 },
        },
        new CalendarRecipe
        {
            Name = "calendar",
            Summary = "Small language model that counts days and months on circles; the shipped text model.",
            Shape = new CalendarShape(LayerCount: 3, Width: 64, HeadCount: 4, MlpWidth: 128, ContextLength: 128),
            TrainFraction = 0.8,
            Training = new TrainingOptions { LearningRate = 3e-3, WeightDecay = 0.6, Seed = 1, Steps = 5000, CooldownSteps = 1000, BatchSize = 64, EvaluateEvery = 100, WarmupSteps = 50 },
        },
    ];

    /// <summary>The recipe with a name.</summary>
    /// <exception cref="InterpException">There is none; the message lists them.</exception>
    public static ITrainingRecipe Find(string name) =>
        All.FirstOrDefault(recipe => recipe.Name == name)
        ?? throw new InterpException($"there is no recipe {name}: choose one of {string.Join(", ", All.Select(recipe => recipe.Name))}");

    /// <summary>The modular-addition recipe with a name.</summary>
    /// <exception cref="InterpException">There is none; the message lists them.</exception>
    public static ModularAdditionRecipe FindModularAddition(string name)
    {
        var known = All.OfType<ModularAdditionRecipe>().ToList();
        return known.Find(recipe => recipe.Name == name)
            ?? throw new InterpException($"there is no modular-addition recipe {name}: choose one of {string.Join(", ", known.Select(recipe => recipe.Name))}");
    }
}
