namespace Interp.Analysis.Circles.Mixture;

/// <summary>The mixture index of a cloud and the band that attains it.</summary>
public sealed record MixtureScore
{
    /// <summary>The index M: the largest share of points inside a band, 0–1.</summary>
    public required double Share { get; init; }

    /// <summary>The angle θ of the band's normal (cos θ, sin θ), radians in [0, π).</summary>
    public required double Direction { get; init; }

    /// <summary>The offset c of the band |x·v + c| &lt; ε·√E[(x·v + c)²], in the cloud's units.</summary>
    public required double Offset { get; init; }

    /// <summary>Half the band's width, ε·√E[(x·v + c)²], in the cloud's units; 0 for a cloud that lies on a line.</summary>
    public required double HalfWidth { get; init; }

    /// <summary>ε.</summary>
    public required double Epsilon { get; init; }

    /// <summary>The number of points.</summary>
    public required int Points { get; init; }

    /// <summary>Whether the cloud lies on a line or in a point, which makes the index 1.</summary>
    public required bool IsLowerDimensional { get; init; }

    /// <summary>The best share at each of the directions kπ/K; empty for a cloud that lies on a line.</summary>
    public required double[] Shares { get; init; }
}
