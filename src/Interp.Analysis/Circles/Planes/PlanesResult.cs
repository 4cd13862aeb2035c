using Interp.Analysis.Circles.Separability;

namespace Interp.Analysis.Circles.Planes;

/// <summary>The planes of labelled points, best first.</summary>
public sealed record PlanesResult
{
    /// <summary>The sets of points that were searched.</summary>
    public required PlanesCloud[] Clouds { get; init; }

    /// <summary>The planes of all of them: circles that order every residue first, then other circles, each by score.</summary>
    public required PlaneReport[] Planes { get; init; }

    /// <summary>How mutual information was estimated.</summary>
    public required SeparabilityEstimator Estimator { get; init; }

    /// <summary>ε of the mixture band.</summary>
    public required double Epsilon { get; init; }

    /// <summary>The separability from which a plane counts, bits.</summary>
    public required double MinimumSeparability { get; init; }

    /// <summary>The mixture up to which a plane counts.</summary>
    public required double MaximumMixture { get; init; }

    /// <summary>How closely a plane's angle must follow one frequency to count.</summary>
    public required double MinimumAngleCorrelation { get; init; }
}
