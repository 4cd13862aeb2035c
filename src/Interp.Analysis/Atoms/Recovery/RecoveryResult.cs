namespace Interp.Analysis.Atoms.Recovery;

/// <summary>How much of a planted dictionary was found, and where the theory's window ends.</summary>
public sealed record RecoveryResult
{
    /// <summary>The share of planted atoms with a found direction at cosine 0.99 or more, after directions were solved for again.</summary>
    public required double MatchedFraction { get; init; }

    /// <summary>The same of the trained directions as they were.</summary>
    public required double TrainedMatchedFraction { get; init; }

    /// <summary>The mean over planted atoms of the greatest cosine with a found direction.</summary>
    public required double MeanCosine { get; init; }

    /// <summary>The same of the trained directions.</summary>
    public required double TrainedMeanCosine { get; init; }

    /// <summary>Explained variance of held-out rows, codes refitted by least squares on their supports, pursued while a residual is left.</summary>
    public required double HeldOutExplainedVariance { get; init; }

    /// <summary>The same with the trained encoder's codes as they are.</summary>
    public required double TrainedHeldOutExplainedVariance { get; init; }

    /// <summary>Atoms a held-out row after the refit.</summary>
    public required double HeldOutL0 { get; init; }

    /// <summary>μ of the planted directions.</summary>
    public required double Coherence { get; init; }

    /// <summary>The greatest K for which codes are unique whatever they are: the greatest integer below (1 + 1/μ)/2.</summary>
    public required double LargestSparsity { get; init; }

    /// <summary>The window as more atoms are active, without noise.</summary>
    public required IReadOnlyList<RecoveryPoint> ByActive { get; init; }

    /// <summary>The window as noise grows.</summary>
    public required IReadOnlyList<RecoveryPoint> ByNoise { get; init; }

    /// <summary>The planted atoms.</summary>
    public required int Atoms { get; init; }

    /// <summary>The width of the activations.</summary>
    public required int Width { get; init; }

    /// <summary>The atoms active on a row.</summary>
    public required int Active { get; init; }
}
