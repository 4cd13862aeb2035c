namespace Interp.Analysis.Circles.Regression;

/// <summary>The state after one group of features was added.</summary>
public sealed record RegressionStep
{
    /// <summary>The group.</summary>
    public required string Group { get; init; }

    /// <summary>The rank of the design so far.</summary>
    public required int Rank { get; init; }

    /// <summary>By how much this group raised it.</summary>
    public required int DegreesOfFreedom { get; init; }

    /// <summary>R² = 1 − ΣE²/ΣY², 0–1.</summary>
    public required double R2 { get; init; }

    /// <summary>By how much this group raised it.</summary>
    public required double Gain { get; init; }

    /// <summary>R² in held-out cells; may be negative.</summary>
    public required double HeldOutR2 { get; init; }

    /// <summary>By how much this group raised it.</summary>
    public required double HeldOutGain { get; init; }

    /// <summary>The share of permuted residuals that it explains as much of (Freedman–Lane), the observed one counted; null for the constant.</summary>
    public double? PValue { get; init; }

    /// <summary>The shares of the residual's variance in its first three principal components, 0–1; zeros where nothing is left.</summary>
    public required double[] ResidualShares { get; init; }

    /// <summary>
    /// The residual's first three scores as the red, green and blue of each cell, 0–255, row p·α + β; empty where nothing is left.
    /// Stripes along β depend on α alone, stripes along α on β alone, anti-diagonals on α + β, diagonals on α − β.
    /// </summary>
    public byte[][] Colours { get; init; } = [];

    /// <summary>The best rivals of this group when it was selected, by held-out gain for each degree of freedom.</summary>
    public RegressionCandidate[] Rivals { get; init; } = [];
}
