namespace Interp.Analysis.Circles.Planes;

/// <summary>How the angle of a plane's points follows one frequency k of their labels.</summary>
public sealed record FrequencyFit
{
    /// <summary>k, of 1 … ⌊p/2⌋ the one that the plane's coordinates explain best.</summary>
    public required int Frequency { get; init; }

    /// <summary>The share of cos(2πkr/p) and sin(2πkr/p) together that the two coordinates explain linearly, 0–1.</summary>
    public required double R2 { get; init; }

    /// <summary>|⟨exp i(φ − 2πkr/p)⟩| of the angle φ that the linear fit reads: 1 when every point has its label's angle.</summary>
    public required double AngleCorrelation { get; init; }

    /// <summary>Mean |φ − 2πkr/p|, radians.</summary>
    public required double AngleError { get; init; }

    /// <summary>
    /// How well the residues, sorted by angle, stand in the order of kr mod p: |⟨exp 2πi(rank − place)/n⟩|, 1 when each is in its
    /// place, near 0 for a random order. 0.99 allows places to be off by one or two of 59.
    /// </summary>
    public required double RankCorrelation { get; init; }

    /// <summary>Whether the plane's angle orders the residues, up to swaps of neighbours: a rank correlation of at least 0.99.</summary>
    public bool OrdersResidues => RankCorrelation >= 0.99;

    /// <summary>
    /// The share of steps in which, going through the residues in the order of kr mod p, the angle of their mean points in the
    /// plane moves on in the same sense by less than half a turn.
    /// </summary>
    public required double OrderedShare { get; init; }

    /// <summary>Whether all steps do and make exactly one turn: every residue is in its place.</summary>
    public required bool IsOrdered { get; init; }
}
