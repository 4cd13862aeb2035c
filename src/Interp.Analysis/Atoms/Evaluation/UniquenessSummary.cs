namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>How far μ &lt; 1/(2K − 1) is met, in the atomic inner product of the activations. Never read without L0 and the control.</summary>
/// <param name="PairQuantile">q* over all pairs of directions.</param>
/// <param name="AtomQuantile">q* over directions, each with its greatest cosine; much stricter.</param>
/// <param name="Strict">The greatest K for which the coherence of all pairs guarantees a unique code; compare with L0.</param>
/// <param name="RandomControl">q* over pairs for random directions of the same number, width and sparsity, in the same metric.</param>
/// <param name="AlivePairQuantile">q* over pairs of living latents.</param>
/// <param name="AliveAtomQuantile">q* over living latents.</param>
/// <param name="EuclideanPairQuantile">q* over all pairs without the metric.</param>
/// <param name="MaximumSparsityMet">Whether the bound holds strictly for the row with the most active latents.</param>
public sealed record UniquenessSummary(
    double PairQuantile, double AtomQuantile, double Strict, double RandomControl, double AlivePairQuantile, double AliveAtomQuantile, double EuclideanPairQuantile, bool MaximumSparsityMet);
