namespace Interp.Analysis.Circles.Planes;

/// <summary>One plane of labelled points: how irreducible its cloud is, and which frequency of the labels its angle follows.</summary>
public sealed record PlaneReport
{
    /// <summary>The points, as in <see cref="PlanesCloud.Name"/>.</summary>
    public required string Cloud { get; init; }

    /// <summary>How the plane was chosen.</summary>
    public required PlaneKind Kind { get; init; }

    /// <summary>Its two principal components, from 0; empty for a plane chosen for a frequency.</summary>
    public required int[] Components { get; init; }

    /// <summary>S, bits.</summary>
    public required double SeparabilityBits { get; init; }

    /// <summary>The rotation of the smallest mutual information, radians.</summary>
    public required double SeparabilityAngle { get; init; }

    /// <summary>The mean S of clouds with one coordinate shuffled, bits.</summary>
    public required double NullMeanBits { get; init; }

    /// <summary>The 95th percentile of those, bits.</summary>
    public required double NullQuantile95Bits { get; init; }

    /// <summary>M, 0–1.</summary>
    public required double Mixture { get; init; }

    /// <summary>(1 − M)·S, bits.</summary>
    public required double Score { get; init; }

    /// <summary>The number of points behind S and M.</summary>
    public required int Points { get; init; }

    /// <summary>The plane's share of the points' variance, 0–1.</summary>
    public required double VarianceShare { get; init; }

    /// <summary>The frequency of the labels that the angle follows best.</summary>
    public required FrequencyFit Fit { get; init; }

    /// <summary>For a plane chosen for a frequency, the share of its circle that all components together explain; else null.</summary>
    public double? ReadableR2 { get; init; }

    /// <summary>
    /// Whether separability and mixture pass their thresholds, separability exceeds its null's 95th percentile, and the angle
    /// follows the frequency; <see cref="FrequencyFit.IsOrdered"/> says whether it also puts every residue in its place.
    /// </summary>
    public required bool IsCircle { get; init; }

    /// <summary>First coordinate of the mean point of each residue 0 … p − 1.</summary>
    public required double[] CentroidX { get; init; }

    /// <summary>Their second coordinates.</summary>
    public required double[] CentroidY { get; init; }

    /// <summary>First coordinates of evenly chosen points; empty for all but the best planes.</summary>
    public double[] ShownX { get; init; } = [];

    /// <summary>Their second coordinates.</summary>
    public double[] ShownY { get; init; } = [];

    /// <summary>Their residues.</summary>
    public int[] ShownLabels { get; init; } = [];
}
