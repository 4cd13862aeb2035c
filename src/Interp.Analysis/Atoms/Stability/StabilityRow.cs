namespace Interp.Analysis.Atoms.Stability;

/// <summary>How well directions are found again among those of another dictionary. Cosines are signed: a direction is not its opposite.</summary>
/// <param name="Other">The other dictionary's folder.</param>
/// <param name="Metric">"euclidean", or "atomic" where activations were given.</param>
/// <param name="Directions">"dictionary", or "random" (as many random directions against the same other: what chance gives).</param>
/// <param name="Latents">The (living) latents compared.</param>
/// <param name="OtherLatents">Those of the other.</param>
/// <param name="MeanMaximum">The mean over latents of the greatest cosine with one of the other's.</param>
/// <param name="MeanMaximumBack">The same from the other's latents.</param>
/// <param name="Matched">The mean cosine of the best one-to-one assignment; NaN above 2048 latents.</param>
/// <param name="ShareAbove07">The share of latents whose greatest cosine is at least 0.7.</param>
/// <param name="ShareAbove09">The same at 0.9.</param>
/// <param name="MutualShare">The share of latents that are their nearest other's nearest.</param>
public sealed record StabilityRow(
    string Other, string Metric, string Directions, int Latents, int OtherLatents, double MeanMaximum, double MeanMaximumBack, double Matched, double ShareAbove07, double ShareAbove09, double MutualShare);
