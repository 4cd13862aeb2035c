using Interp.Analysis.Circles.Planes;

namespace Interp.Analysis.Circles.Find;

/// <summary>How a plane of a cluster lays the words of a cycle out, for a cluster whose tokens hold every one of them.</summary>
public sealed record CycleFit
{
    /// <summary>The cycle ("weekdays").</summary>
    public required string Cycle { get; init; }

    /// <summary>The cluster's tokens that are words of the cycle; the fit is of these alone.</summary>
    public required int Points { get; init; }

    /// <summary>The fewest tokens of any of the words.</summary>
    public required int FewestPoints { get; init; }

    /// <summary>The harmonic that the plane's angle follows, and how well.</summary>
    public required FrequencyFit Fit { get; init; }

    /// <summary>
    /// Whether the plane is a circle of the cycle: going through the words by k·α mod p, their mean points go round once, each in its
    /// place, k shares no factor with p, and the plane explains at least 0.8 of the circle.
    /// </summary>
    public required bool IsCircle { get; init; }

    /// <summary>The share of the plane of the probe of the same harmonic that lies in this one, mean squared cosine of the two principal angles, 0–1; null where no probe was fitted.</summary>
    public double? ProbeOverlap { get; init; }
}
