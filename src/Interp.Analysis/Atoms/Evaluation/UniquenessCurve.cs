namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>Quantiles of cosines in the atomic inner product beside the bound; q* is where they cross.</summary>
/// <param name="Quantiles">q, 0–1.</param>
/// <param name="Pairs">The q-quantile over pairs.</param>
/// <param name="Atoms">The q-quantile over directions of their greatest cosine.</param>
/// <param name="Random">The q-quantile over pairs of random directions.</param>
/// <param name="Bound">1/(2K_q − 1).</param>
/// <param name="Active">K_q, the q-quantile of the active latents a row.</param>
public sealed record UniquenessCurve(
    IReadOnlyList<double> Quantiles, IReadOnlyList<double> Pairs, IReadOnlyList<double> Atoms, IReadOnlyList<double> Random, IReadOnlyList<double> Bound, IReadOnlyList<int> Active);
