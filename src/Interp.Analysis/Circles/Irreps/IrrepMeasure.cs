namespace Interp.Analysis.Circles.Irreps;

/// <summary>One irreducible representation among the functions.</summary>
/// <param name="Name">A partition, a frequency, or a word.</param>
/// <param name="Dimension">Its dimension.</param>
/// <param name="Power">Its share of all functions' power, the trivial one's included, 0–1.</param>
/// <param name="ChancePower">The share that random functions would give it, d²/|G| or twice that for a conjugate pair.</param>
/// <param name="Functions">How many functions have it as their strongest nontrivial one.</param>
public sealed record IrrepMeasure(string Name, int Dimension, double Power, double ChancePower, int Functions);
