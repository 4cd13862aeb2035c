namespace Interp.Models.Training;

/// <summary>The constants of <see cref="AdamW"/>.</summary>
public sealed record AdamWOptions
{
    /// <summary>The learning rate after the warm-up, per step.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The decoupled decay: each step multiplies every weight by 1 − rate·decay.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The share of the first moment kept each step, 0–1.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The share of the second moment kept each step, 0–1.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>What is added to the root of the second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Steps of linear warm-up: step t &lt; this uses the rate times t over this. 0 for none.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>Steps at the end over which the rate falls linearly to nothing; 0 for none. Needs <see cref="Steps"/>.</summary>
    public int CooldownSteps { get; init; }

    /// <summary>All steps, from whose end the cool-down and the schedule are counted.</summary>
    public int Steps { get; init; }

    /// <summary>How the rate goes on after the warm-up. Needs <see cref="Steps"/>.</summary>
    public LearningRateSchedule Schedule { get; init; }

    /// <summary>Gradients are scaled down to this norm over all tensors; 0 for no limit.</summary>
    public double ClipNorm { get; init; }
}
