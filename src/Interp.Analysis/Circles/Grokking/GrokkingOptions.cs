using Interp.Compute.Options;

namespace Interp.Analysis.Circles.Grokking;

/// <summary>How a model's training is gone through again.</summary>
public sealed record GrokkingOptions
{
    /// <summary>The most steps; 0 trains as long as the recipe does.</summary>
    [Option("The most optimiser steps; 0 trains as long as the recipe does", Minimum = 0, Unit = "steps")]
    public int Steps { get; init; }

    /// <summary>Steps between two looks at the model; 0 takes the recipe's.</summary>
    [Option("Steps between two looks at the model; 0 takes the recipe's", Minimum = 0, Unit = "steps")]
    public int EvaluateEvery { get; init; }

    /// <summary>The share of the final logits' variance from which a frequency is followed.</summary>
    [Option("Share of the final logits' variance from which a frequency is followed", Minimum = 0, Maximum = 1)]
    public double LogitThreshold { get; init; } = 0.02;
}
