namespace Interp.Compute.Clustering;

/// <summary>How spectral clustering is run.</summary>
public sealed record SpectralClusteringOptions
{
    /// <summary>The number of clusters, from 1 to the number of rows.</summary>
    public required int Clusters { get; init; }

    /// <summary>Which pairs of rows are joined.</summary>
    public AffinityKind Affinity { get; init; } = AffinityKind.NearestNeighbours;

    /// <summary>Neighbours of each row when only nearest neighbours are joined; at most n − 1 are taken.</summary>
    public int Neighbours { get; init; } = 64;

    /// <summary>Restarts of k-means in the space of eigenvectors.</summary>
    public int Restarts { get; init; } = 10;

    /// <summary>The seed of every random choice.</summary>
    public long Seed { get; init; }
}
