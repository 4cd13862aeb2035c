namespace Interp.Analysis.Circles.Probe;

/// <summary>How much of the activations of numbers one basis explains.</summary>
/// <param name="Layer">The layer whose input is read.</param>
/// <param name="Basis">The basis: the helix, the helix without a part, or a baseline.</param>
/// <param name="Columns">Its rank on the numbers fitted.</param>
/// <param name="R2">Variance explained on the numbers that were fitted.</param>
/// <param name="HeldOutR2">Variance explained on the others; may be negative.</param>
public sealed record HelixMeasure(int Layer, string Basis, int Columns, double R2, double HeldOutR2);
