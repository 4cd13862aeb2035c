namespace Interp.Analysis.Lenses.Heads;

/// <summary>The scores of one head's patterns on one kind of prompt.</summary>
public sealed record PatternScores
{
    /// <summary>Attention to the token before.</summary>
    public required DetectorScore PreviousToken { get; init; }

    /// <summary>Attention to earlier copies of the token.</summary>
    public required DetectorScore DuplicateToken { get; init; }

    /// <summary>Attention to what came after earlier copies of the token.</summary>
    public required DetectorScore Induction { get; init; }

    /// <summary>The mean share of attention to the query's own position.</summary>
    public required double Self { get; init; }

    /// <summary>The mean share of attention to the first position.</summary>
    public required double First { get; init; }

    /// <summary>The mean entropy of attention over the logarithm of the number of visible keys, 0 to 1.</summary>
    public required double NormalisedEntropy { get; init; }
}
