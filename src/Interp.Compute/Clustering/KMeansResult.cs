namespace Interp.Compute.Clustering;

/// <summary>The best restart of k-means.</summary>
/// <param name="Labels">The cluster of each row.</param>
/// <param name="Centres">The cluster means <c>[k, d]</c>.</param>
/// <param name="Inertia">The sum of squared distances of the rows to their centres.</param>
/// <param name="Iterations">Lloyd iterations of the best restart.</param>
/// <param name="Converged">Whether the best restart ended because its centres stood still, not because of the limit.</param>
public sealed record KMeansResult(int[] Labels, double[,] Centres, double Inertia, int Iterations, bool Converged);
