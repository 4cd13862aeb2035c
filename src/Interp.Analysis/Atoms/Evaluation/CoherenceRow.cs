namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>Some directions under some metric.</summary>
/// <param name="Directions">"dictionary", "random" (Gaussian, same number and width) or "neurons" (the axes).</param>
/// <param name="Metric">"euclidean", "activations" (C of the activations), "own" (C = DDᵀ), or "shuffled" (C of activations whose coordinates are shuffled).</param>
/// <param name="Coherence">The greatest absolute cosine.</param>
/// <param name="PairQuantile">q* over pairs.</param>
/// <param name="AtomQuantile">q* over directions.</param>
/// <param name="L0">The active directions a row behind q*: the dictionary's, or all non-zero coordinates for neurons.</param>
public sealed record CoherenceRow(string Directions, string Metric, double Coherence, double PairQuantile, double AtomQuantile, double L0);
