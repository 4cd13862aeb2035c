namespace Interp.Analysis.Geometry;

/// <summary>What was found about one cloud.</summary>
public sealed record CloudGeometry
{
    /// <summary>The hook, or the tensor.</summary>
    public required string Name { get; init; }

    /// <summary>The training step of the checkpoint; null for the model itself and for tensors.</summary>
    public int? Step { get; init; }

    /// <summary>The rows n.</summary>
    public required int Rows { get; init; }

    /// <summary>The width d.</summary>
    public required int Dimension { get; init; }

    /// <summary>Rows equal to an earlier one, left out of neighbour measures.</summary>
    public required int Duplicates { get; init; }

    /// <summary>The measures.</summary>
    public required CloudMeasures Measures { get; init; }

    /// <summary>Half the width of each measure's 95 % interval by resampling, under the measures' names; null without resamples.</summary>
    public CloudMeasures? HalfWidths { get; init; }

    /// <summary>Neighbour measures of a Gaussian cloud of the same covariance; null where it was not made.</summary>
    public CloudMeasures? MatchedGaussian { get; init; }

    /// <summary>All measures but the diffusion's of a Gaussian cloud of as many rows and columns, every direction alike; null where it was not made.</summary>
    public CloudMeasures? IsotropicGaussian { get; init; }

    /// <summary>The median pairwise distance of the diffusion's rows.</summary>
    public double? MedianDistance { get; init; }

    /// <summary>σ of the diffusion entropy.</summary>
    public double? DiffusionScale { get; init; }

    /// <summary>Diffusion entropy, bits, at σ times 0.25, 0.5, 1, 2 and 4.</summary>
    public IReadOnlyList<double> DiffusionSweepBits { get; init; } = [];

    /// <summary>Diffusion mutual information with the labels, bits; null without labels.</summary>
    public double? DiffusionMutualInformationBits { get; init; }

    /// <summary>The mean of the same with permuted labels.</summary>
    public double? MutualInformationNullBits { get; init; }

    /// <summary>The deviation of the same with permuted labels.</summary>
    public double? MutualInformationNullDeviation { get; init; }

    /// <summary>The eigenvalues of the covariance, largest first.</summary>
    public IReadOnlyList<double> Spectrum { get; init; } = [];

    /// <summary>Maximum-likelihood dimension by number of neighbours.</summary>
    public IReadOnlyList<ScaledDimension> LikelihoodByNeighbours { get; init; } = [];

    /// <summary>TwoNN dimension by number of rows: a plateau is the dimension, a trend noise or curvature.</summary>
    public IReadOnlyList<ScaledDimension> TwoNearestByRows { get; init; } = [];

    /// <summary>ln μ of TwoNN, ascending and thinned to at most 200 points.</summary>
    public IReadOnlyList<double> TwoNearestLogRatios { get; init; } = [];

    /// <summary>−ln(1 − F) at those points: on a line of the dimension's slope through the origin where the model holds.</summary>
    public IReadOnlyList<double> TwoNearestLogTails { get; init; } = [];

    /// <summary>ln of the local dimensions by moments, as counts of equal bins from <see cref="LocalDimensionRange"/>.</summary>
    public IReadOnlyList<int> LocalDimensionCounts { get; init; } = [];

    /// <summary>The least and the largest ln of a local dimension; empty where there is none.</summary>
    public IReadOnlyList<double> LocalDimensionRange { get; init; } = [];

    /// <summary>Why measures are missing or doubtful.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
