namespace Interp.Analysis.Atoms;

/// <summary>How a dictionary was trained: enough to find its held-out rows again.</summary>
/// <param name="Seed">The seed of everything random.</param>
/// <param name="HeldOutFraction">The share of documents kept from training, 0–1.</param>
/// <param name="Rows">The rows of the store it was trained from, held-out rows included.</param>
/// <param name="Fingerprint">The store's fingerprint (<see cref="Activations.ActivationStore.Fingerprint"/>).</param>
/// <param name="InputScale">The factor that brought the inputs to unit mean square; already folded into the weights.</param>
public sealed record TrainingRecord(long Seed, double HeldOutFraction, long Rows, string Fingerprint, double InputScale);
