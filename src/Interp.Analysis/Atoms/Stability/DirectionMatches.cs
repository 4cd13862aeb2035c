namespace Interp.Analysis.Atoms.Stability;

/// <summary>What came of a comparison of two sets of directions.</summary>
/// <param name="Maxima">The greatest cosine of each direction with one of the other's.</param>
/// <param name="MeanBack">The mean greatest cosine from the other's directions.</param>
/// <param name="Matched">The mean cosine of the best assignment, or NaN.</param>
/// <param name="Mutual">The share that are their nearest's nearest.</param>
internal sealed record DirectionMatches(double[] Maxima, double MeanBack, double Matched, double Mutual);
