namespace Interp.Compute.Clustering;

/// <summary>How k-means is run.</summary>
public sealed record KMeansOptions
{
    /// <summary>The number of clusters, from 1 to the number of rows.</summary>
    public required int Clusters { get; init; }

    /// <summary>Independent seedings; the one of smallest inertia is kept, the first of equal ones.</summary>
    public int Restarts { get; init; } = 10;

    /// <summary>The most Lloyd iterations of a restart.</summary>
    public int MaximumIterations { get; init; } = 300;

    /// <summary>A restart ends when the centres' squared shift is at most this share of the mean column variance.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>The seed of every random choice.</summary>
    public long Seed { get; init; }
}
