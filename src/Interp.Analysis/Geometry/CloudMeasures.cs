namespace Interp.Analysis.Geometry;

/// <summary>Every scalar of one cloud; null where it is not defined there, with a reason in <see cref="CloudGeometry.Notes"/>.</summary>
public sealed record CloudMeasures
{
    /// <summary>The mean cosine of different rows, not centred; rows of norm 0 are left out.</summary>
    public double? AverageCosine { get; init; }

    /// <summary>σ₁² over Σσ², centred; 1/d to 1.</summary>
    public double? SpectralAnisotropy { get; init; }

    /// <summary>The reciprocal of <see cref="SpectralAnisotropy"/>.</summary>
    public double? StableRank { get; init; }

    /// <summary>(Σλ)²/Σλ², centred; 1 to d.</summary>
    public double? ParticipationRatio { get; init; }

    /// <summary>exp of the entropy of the singular values (not squared) as shares, centred; 1 to d.</summary>
    public double? EffectiveRank { get; init; }

    /// <summary>−Σ λ ln λ of HᵀH/n with unit rows H, not centred; nats.</summary>
    public double? VonNeumannEntropy { get; init; }

    /// <summary>min Z/max Z over ± unit eigenvectors c of XᵀX, Z(c) = Σ exp(c·x); 0 to 1, 1 isotropic.</summary>
    public double? PartitionIsotropy { get; init; }

    /// <summary>TwoNN dimension by regression through the origin.</summary>
    public double? TwoNearest { get; init; }

    /// <summary>TwoNN dimension by maximum likelihood, (N − 1)/Σ ln μ.</summary>
    public double? TwoNearestLikelihood { get; init; }

    /// <summary>Levina–Bickel dimension, harmonic mean over rows (MacKay–Ghahramani).</summary>
    public double? MaximumLikelihood { get; init; }

    /// <summary>The median local dimension by the method of moments.</summary>
    public double? MomentsMedian { get; init; }

    /// <summary>The geometric mean of the local dimensions by the method of moments.</summary>
    public double? MomentsGeometric { get; init; }

    /// <summary>Diffusion spectral entropy, bits, 0 to log₂ of the rows; compare only at equal rows.</summary>
    public double? DiffusionEntropyBits { get; init; }

    /// <summary>The measures in one order, for figures and intervals.</summary>
    internal static IReadOnlyList<(string Name, string Title, string Unit, Func<CloudMeasures, double?> Of)> All { get; } =
    [
        ("average-cosine", "Average cosine", "cosine", measures => measures.AverageCosine),
        ("spectral-anisotropy", "Spectral anisotropy", "share of the variance", measures => measures.SpectralAnisotropy),
        ("participation-ratio", "Participation ratio", "dimensions", measures => measures.ParticipationRatio),
        ("effective-rank", "Effective rank", "dimensions", measures => measures.EffectiveRank),
        ("stable-rank", "Stable rank", "dimensions", measures => measures.StableRank),
        ("von-neumann-entropy", "Von Neumann entropy", "nats", measures => measures.VonNeumannEntropy),
        ("partition-isotropy", "Partition isotropy", "ratio", measures => measures.PartitionIsotropy),
        ("two-nearest", "TwoNN dimension", "dimensions", measures => measures.TwoNearest),
        ("two-nearest-likelihood", "TwoNN dimension, likelihood", "dimensions", measures => measures.TwoNearestLikelihood),
        ("maximum-likelihood", "Maximum-likelihood dimension", "dimensions", measures => measures.MaximumLikelihood),
        ("moments-median", "Local dimension by moments, median", "dimensions", measures => measures.MomentsMedian),
        ("moments-geometric", "Local dimension by moments, geometric mean", "dimensions", measures => measures.MomentsGeometric),
        ("diffusion-entropy", "Diffusion spectral entropy", "bits", measures => measures.DiffusionEntropyBits),
    ];
}
