namespace Interp.Analysis.Circles.Separability;

/// <summary>The separability index of a cloud with the settings it depends on.</summary>
public sealed record SeparabilityScore
{
    /// <summary>The index S: the smallest mutual information over the angles, bits.</summary>
    public required double Bits { get; init; }

    /// <summary>The angle of the smallest value (the first of equal ones), radians.</summary>
    public required double Angle { get; init; }

    /// <summary>The largest mutual information over the angles, bits.</summary>
    public required double MaximumBits { get; init; }

    /// <summary>The angle of the largest value, radians.</summary>
    public required double MaximumAngle { get; init; }

    /// <summary>The estimator.</summary>
    public required SeparabilityEstimator Estimator { get; init; }

    /// <summary>The number of points used, after the radius filter.</summary>
    public required int Points { get; init; }

    /// <summary>The angles tried, radians.</summary>
    public required double[] Angles { get; init; }

    /// <summary>The mutual information at each angle, bits.</summary>
    public required double[] Information { get; init; }

    /// <summary>The mean index of clouds whose two coordinates were shuffled against each other, bits; null when none was drawn.</summary>
    public double? NullMean { get; init; }

    /// <summary>The 95th percentile of those, bits; null when none was drawn.</summary>
    public double? NullQuantile95 { get; init; }
}
