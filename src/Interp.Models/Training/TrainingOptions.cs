using Interp.Compute.Options;

namespace Interp.Models.Training;

/// <summary>How a model is trained: the optimiser, the batches, and when to stop.</summary>
public sealed record TrainingOptions
{
    /// <summary>Seed of the split, the initial weights and the order of the batches.</summary>
    [Option("Seed of the split, the initial weights and the order of the batches", Minimum = 0)]
    public long Seed { get; init; } = 1;

    /// <summary>The most steps.</summary>
    [Option("The most optimiser steps", Minimum = 1, Unit = "steps")]
    public int Steps { get; init; } = 5000;

    /// <summary>Examples a step; 0 for all of them.</summary>
    [Option("Examples in one step; 0 takes all of them every time", Minimum = 0, Unit = "examples")]
    public int BatchSize { get; init; }

    /// <summary>Batches whose gradients are averaged into one step.</summary>
    [Option("Batches whose gradients are averaged into one step", Minimum = 1, Unit = "batches", Advanced = true)]
    public int Accumulate { get; init; } = 1;

    /// <summary>The learning rate after the warm-up.</summary>
    [Option("Learning rate after the warm-up", Minimum = 0, Maximum = 10)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Decoupled weight decay on every tensor.</summary>
    [Option("Decoupled weight decay; every step multiplies each weight by 1 − rate·decay", Minimum = 0, Maximum = 1000)]
    public double WeightDecay { get; init; } = 1;

    /// <summary>The share of the first moment kept each step.</summary>
    [Option("Share of the gradient's running mean that is kept each step", Minimum = 0, Maximum = 0.999999, Advanced = true)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The share of the second moment kept each step.</summary>
    [Option("Share of the squared gradient's running mean that is kept each step", Minimum = 0, Maximum = 0.999999, Advanced = true)]
    public double Beta2 { get; init; } = 0.98;

    /// <summary>What is added to the root of the second moment.</summary>
    [Option("Small number added to the root of the squared gradient's mean", Minimum = 1e-30, Maximum = 1, Advanced = true)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Steps of linear warm-up.</summary>
    [Option("Steps over which the learning rate rises from zero", Minimum = 0, Unit = "steps", Advanced = true)]
    public int WarmupSteps { get; init; } = 10;

    /// <summary>Steps at the end over which the rate falls to nothing.</summary>
    [Option("Steps at the end over which the rate falls linearly to nothing; 0 for none", Minimum = 0, Unit = "steps", Advanced = true)]
    public int CooldownSteps { get; init; }

    /// <summary>How the learning rate goes on after the warm-up.</summary>
    [Option("How the learning rate goes on after the warm-up", Advanced = true)]
    public LearningRateSchedule Schedule { get; init; }

    /// <summary>The gradient's largest norm.</summary>
    [Option("Gradients are scaled down to this norm over all tensors; 0 for no limit", Minimum = 0, Advanced = true)]
    public double ClipNorm { get; init; }

    /// <summary>How often the held-out examples are evaluated.</summary>
    [Option("Steps between evaluations on the held-out examples", Minimum = 1, Unit = "steps")]
    public int EvaluateEvery { get; init; } = 50;

    /// <summary>Stop some steps after the held-out accuracy first reaches this; null trains all steps.</summary>
    [Option("Held-out accuracy whose first sight starts the countdown to the end", Minimum = 0, Maximum = 1)]
    public double? TargetAccuracy { get; init; }

    /// <summary>The steps trained on after <see cref="TargetAccuracy"/> was first seen.</summary>
    [Option("Steps trained on after the target accuracy is first seen", Minimum = 0, Unit = "steps")]
    public int StepsAfterTarget { get; init; }

    /// <summary>The optimiser's part of these options.</summary>
    public AdamWOptions Optimizer => new()
    {
        LearningRate = LearningRate,
        WeightDecay = WeightDecay,
        Beta1 = Beta1,
        Beta2 = Beta2,
        Epsilon = Epsilon,
        WarmupSteps = WarmupSteps,
        CooldownSteps = CooldownSteps,
        Steps = Steps,
        Schedule = Schedule,
        ClipNorm = ClipNorm,
    };
}
