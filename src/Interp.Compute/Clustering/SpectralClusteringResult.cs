namespace Interp.Compute.Clustering;

/// <summary>Clusters of rows from the spectrum of their affinities.</summary>
/// <param name="Labels">The cluster of each row; clusters are numbered by their first row.</param>
/// <param name="Eigenvalues">The largest eigenvalues of the normalised affinity, descending, one a cluster.</param>
/// <param name="Inertia">The inertia of k-means among the rescaled eigenvectors.</param>
/// <param name="Residual">The largest residual ‖A v − λ v‖ of an eigenvector: 0 up to rounding for a direct solve.</param>
public sealed record SpectralClusteringResult(int[] Labels, double[] Eigenvalues, double Inertia, double Residual);
