namespace Interp.Models.Training;

/// <summary>How a training run went. The trained weights are the objective's parameters.</summary>
public sealed record TrainingResult
{
    /// <summary>The optimiser steps taken, those before a resume included.</summary>
    public required int Steps { get; init; }

    /// <summary>Why it ended.</summary>
    public required StopReason Stopped { get; init; }

    /// <summary>The first step whose batch was predicted with accuracy of at least 0.999, or null.</summary>
    public int? MemorizedStep { get; init; }

    /// <summary>The evaluations, in order.</summary>
    public required IReadOnlyList<TrainingPoint> History { get; init; }

    /// <summary>The first evaluated step with at least a held-out accuracy, or null.</summary>
    public int? FirstStepAt(double accuracy) => History.FirstOrDefault(point => point.HeldOutAccuracy >= accuracy)?.Step;
}
