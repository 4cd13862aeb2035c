namespace Interp.Compute.Clustering;

/// <summary>Which pairs of rows spectral clustering joins.</summary>
public enum AffinityKind
{
    /// <summary>Each row and its nearest neighbours, made symmetric: O(n k) memory.</summary>
    NearestNeighbours,

    /// <summary>Every pair, as the published GPT-2 recipe does: O(n²) memory.</summary>
    Dense,
}
