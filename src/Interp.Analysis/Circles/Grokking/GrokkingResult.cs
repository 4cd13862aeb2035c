namespace Interp.Analysis.Circles.Grokking;

/// <summary>How memory gave way to circles during a training.</summary>
public sealed record GrokkingResult
{
    /// <summary>The recipe that was trained again.</summary>
    public required string Recipe { get; init; }

    /// <summary>Its seed.</summary>
    public required long Seed { get; init; }

    /// <summary>p.</summary>
    public required int Modulus { get; init; }

    /// <summary>The frequencies that carry the final logits, ascending.</summary>
    public required int[] Frequencies { get; init; }

    /// <summary>The first step at which the training pairs were predicted with accuracy of at least 0.999, or null.</summary>
    public int? MemorizedStep { get; init; }

    /// <summary>The first step looked at with restricted loss below half of guessing, or null: the circles already work.</summary>
    public int? CircuitStep { get; init; }

    /// <summary>The first step looked at with held-out loss below half of guessing, or null: the model already works.</summary>
    public int? GeneralizedStep { get; init; }

    /// <summary>The first step looked at with held-out accuracy of at least 0.99, or null.</summary>
    public int? Step99 { get; init; }

    /// <summary>The model at the start and at each look.</summary>
    public required GrokkingPoint[] Points { get; init; }
}
