using Interp.Analysis.Circles.Mixture;
using Interp.Analysis.Circles.Separability;
using Interp.Compute.Options;

namespace Interp.Analysis.Circles.Indices;

/// <summary>How the two indices of a point cloud are measured.</summary>
public sealed record IndicesOptions
{
    /// <summary>How mutual information is estimated.</summary>
    [Option("How mutual information is estimated; values of different estimators are not comparable")]
    public SeparabilityEstimator Estimator { get; init; } = SeparabilityEstimator.PaperRanking;

    /// <summary>Which plane of points of more than two dimensions is measured.</summary>
    [Option("Which plane of points of more than two dimensions is measured; automatic takes two columns as they are and principal components of more")]
    public PlaneChoice Plane { get; init; } = PlaneChoice.Automatic;

    /// <summary>The two columns or components, from 0.</summary>
    [Option("The two columns or principal components of the plane, from 0", Minimum = 0)]
    public IReadOnlyList<int> Axes { get; init; } = [0, 1];

    /// <summary>Points at most this far from the origin are left out of separability; null keeps all.</summary>
    [Option("Points at most this far from the origin are left out of separability (0 leaves out exact zeros); empty keeps all", Minimum = 0, Advanced = true)]
    public double? Radius { get; init; }

    /// <summary>How the fullest band is searched for.</summary>
    [Option("How the fullest band is searched for: exactly, or by the published gradient ascent, which is biased low on circles", Advanced = true)]
    public MixtureEstimator MixtureEstimator { get; init; } = MixtureEstimator.Exact;

    /// <summary>The mixture band's half width over the root mean square of the shifted projection.</summary>
    [Option("Half the mixture band's width, over the root mean square distance from the band's middle", Minimum = 0.001, Maximum = 0.9)]
    public double Epsilon { get; init; } = MixtureIndex.DefaultEpsilon;

    /// <summary>Directions of the mixture scan.</summary>
    [Option("Directions of the mixture scan over half a turn", Minimum = 4, Maximum = 100_000, Unit = "directions")]
    public int Directions { get; init; } = 3600;

    /// <summary>Shuffled clouds behind the null.</summary>
    [Option("Clouds with one coordinate shuffled, measured in the same way for comparison", Minimum = 0, Maximum = 1000, Unit = "draws")]
    public int NullDraws { get; init; } = 20;

    /// <summary>Clouds drawn with replacement behind the intervals.</summary>
    [Option("Clouds drawn with replacement behind the 95 % intervals of both indices; 0 for none", Minimum = 0, Maximum = 10_000, Unit = "draws")]
    public int BootstrapDraws { get; init; } = 40;

    /// <summary>Of wider points, the leading axes all of whose planes are measured too.</summary>
    [Option("Of wider points, the leading axes all of whose planes are measured too, and in which a band of any direction is sought; below 3 for none", Minimum = 0, Maximum = 16, Unit = "axes")]
    public int LeadingAxes { get; init; } = 8;

    /// <summary>The seed of the shuffles and of the band's directions.</summary>
    [Option("The seed of the shuffles and of the directions that the search for a band starts from", Minimum = 0)]
    public long Seed { get; init; }
}
