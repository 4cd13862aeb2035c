using Interp.Analysis.Circles.Mixture;
using Interp.Analysis.Circles.Separability;

namespace Interp.Analysis.Circles.Indices;

/// <summary>Separability and mixture of one plane of a point cloud, with the settings on which they depend.</summary>
public sealed record IndicesResult
{
    /// <summary>S: the smallest mutual information of the two coordinates over rotations, bits.</summary>
    public required double SeparabilityBits { get; init; }

    /// <summary>The rotation of the smallest mutual information, radians.</summary>
    public required double SeparabilityAngle { get; init; }

    /// <summary>M: the largest share of points in a band, 0–1.</summary>
    public required double Mixture { get; init; }

    /// <summary>The angle θ of that band's normal (cos θ, sin θ), radians in [0, π).</summary>
    public required double MixtureDirection { get; init; }

    /// <summary>The offset c of that band |x·v + c| &lt; ε·√E[(x·v + c)²], in the cloud's units.</summary>
    public required double MixtureOffset { get; init; }

    /// <summary>The number of points.</summary>
    public required int Points { get; init; }

    /// <summary>How mutual information was estimated.</summary>
    public required SeparabilityEstimator Estimator { get; init; }

    /// <summary>(1 − M)·S, bits: large for irreducible clouds.</summary>
    public required double Score { get; init; }

    /// <summary>The largest mutual information over rotations, bits.</summary>
    public required double MaximumBits { get; init; }

    /// <summary>The mean S of clouds with one coordinate shuffled, bits; null when none was drawn.</summary>
    public double? NullMeanBits { get; init; }

    /// <summary>The 95th percentile of those, bits; null when none was drawn.</summary>
    public double? NullQuantile95Bits { get; init; }

    /// <summary>The lower end of S's 95 % bootstrap interval, bits; null without draws.</summary>
    public double? SeparabilityLowBits { get; init; }

    /// <summary>Its upper end.</summary>
    public double? SeparabilityHighBits { get; init; }

    /// <summary>The lower end of M's 95 % bootstrap interval, 0–1; null without draws and for the published searches.</summary>
    public double? MixtureLow { get; init; }

    /// <summary>Its upper end.</summary>
    public double? MixtureHigh { get; init; }

    /// <summary>The first-order upward bias (bins − 1)²/(2 n ln 2) of one angle's estimate, bits; 0 for an estimator without bins or with the correction.</summary>
    public required double BiasBits { get; init; }

    /// <summary>Points left after the radius filter.</summary>
    public required int PointsUsed { get; init; }

    /// <summary>Half the band's width, in the cloud's units.</summary>
    public required double MixtureHalfWidth { get; init; }

    /// <summary>How the fullest band was searched for.</summary>
    public required MixtureEstimator MixtureEstimator { get; init; }

    /// <summary>ε of the band.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Directions that were scanned.</summary>
    public required int Directions { get; init; }

    /// <summary>Whether the plane's cloud lies on a line or in a point.</summary>
    public required bool IsLowerDimensional { get; init; }

    /// <summary>The width d of the points.</summary>
    public required int Dimension { get; init; }

    /// <summary>Whether the axes are columns or principal components.</summary>
    public required PlaneChoice Plane { get; init; }

    /// <summary>The two columns or components, from 0.</summary>
    public required int[] Axes { get; init; }

    /// <summary>The plane's share of the points' variance, 0–1.</summary>
    public required double VarianceShare { get; init; }

    /// <summary>Of wider points, S of the plane of every two of the leading axes, bits: a symmetric matrix without a diagonal; else empty.</summary>
    public double[][] PlaneBits { get; init; } = [];

    /// <summary>Of wider points, M of the plane of every two of the leading axes, 0–1: a symmetric matrix without a diagonal; else empty.</summary>
    public double[][] PlaneMixture { get; init; } = [];

    /// <summary>Of wider points, the fullest band of any direction among the leading axes; else null.</summary>
    public SpaceBand? SpaceMixture { get; init; }

    /// <summary>What to keep in mind when reading the numbers, one line each.</summary>
    public required string[] Warnings { get; init; }

    /// <summary>The rotations tried, radians.</summary>
    public required double[] Angles { get; init; }

    /// <summary>The mutual information at each rotation, bits.</summary>
    public required double[] InformationBits { get; init; }

    /// <summary>The largest share in a band at equal steps of direction over half a turn, fewer than were scanned for the index, 0–1; empty for a cloud on a line and for the published search.</summary>
    public required double[] MixtureByDirection { get; init; }

    /// <summary>First coordinates of the points shown: all, or evenly chosen ones of many.</summary>
    public required double[] ShownX { get; init; }

    /// <summary>Their second coordinates.</summary>
    public required double[] ShownY { get; init; }
}
