namespace Interp.Analysis.Capacity;

/// <summary>The cosines of each token's embedding with its own unembedding.</summary>
/// <param name="Mean">Their mean; near 0 where the two are not tied.</param>
/// <param name="StandardDeviation">Their population standard deviation.</param>
/// <param name="Counts">How many tokens fall in each of equal bins on [−1, 1].</param>
public sealed record PairedCosines(double Mean, double StandardDeviation, long[] Counts);
