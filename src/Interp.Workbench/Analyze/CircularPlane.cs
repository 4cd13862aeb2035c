namespace Interp.Workbench.Analyze;

/// <summary>A plane in which a circle was found.</summary>
public sealed record CircularPlane
{
    /// <summary>
    /// How it was found: "fourier" (fitted to one frequency of the labels), "pca" (principal components, without labels) or
    /// "sae" (principal components of what a cluster of a dictionary's latents reconstructs, without labels).
    /// </summary>
    public required string Route { get; init; }

    /// <summary>The points and the plane, in words.</summary>
    public required string Plane { get; init; }

    /// <summary>The frequency of the labels that the plane's angle follows.</summary>
    public required int Frequency { get; init; }

    /// <summary>Whether that is one of the key frequencies.</summary>
    public required bool IsKeyFrequency { get; init; }

    /// <summary>The separability index, bits.</summary>
    public required double SeparabilityBits { get; init; }

    /// <summary>The 95th percentile of the separability of shuffled points, bits; null where it was not measured.</summary>
    public double? ShuffledBits { get; init; }

    /// <summary>The mixture index, 0–1.</summary>
    public required double Mixture { get; init; }

    /// <summary>The points behind the indices.</summary>
    public required int Points { get; init; }

    /// <summary>Whether the plane's angle orders the mean points of the residues r by k·r mod p, up to swaps of neighbours (rank correlation ≥ 0.99).</summary>
    public required bool OrdersResidues { get; init; }
}
