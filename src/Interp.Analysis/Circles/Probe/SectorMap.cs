namespace Interp.Analysis.Circles.Probe;

/// <summary>The answers when the circle is set to points on and off it: a polar grid of targets r·(cos θ, sin θ).</summary>
public sealed record SectorMap
{
    /// <summary>The layer whose input is changed.</summary>
    public required int Layer { get; init; }

    /// <summary>α of the prompt; the circle is set, so it only decides the words.</summary>
    public required int Alpha { get; init; }

    /// <summary>β, the number that is counted.</summary>
    public required int Beta { get; init; }

    /// <summary>The radii r.</summary>
    public required double[] Radii { get; init; }

    /// <summary>The angles θ, radians.</summary>
    public required double[] Angles { get; init; }

    /// <summary>The answer's label, [radius][angle].</summary>
    public required int[][] Answers { get; init; }

    /// <summary>The best answer's logit less the second's, [radius][angle].</summary>
    public required double[][] Gaps { get; init; }

    /// <summary>The share of points with r ≥ 0.5 whose answer is (nearest label + β) mod p, 0–1.</summary>
    public required double NearestRuleAgreement { get; init; }

    /// <summary>The mean gap at r = 0: low where the circle decides.</summary>
    public required double GapAtCentre { get; init; }

    /// <summary>The mean gap at r = 1.</summary>
    public required double GapOnCircle { get; init; }
}
