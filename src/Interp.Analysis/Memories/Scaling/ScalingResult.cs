namespace Interp.Analysis.Memories.Scaling;

/// <summary>The scaling laws of associative memories, measured.</summary>
public sealed record ScalingResult
{
    /// <summary>α.</summary>
    public required double Alpha { get; init; }

    /// <summary>N.</summary>
    public required int Keys { get; init; }

    /// <summary>M.</summary>
    public required int Values { get; init; }

    /// <summary>Trials.</summary>
    public required int Trials { get; init; }

    /// <summary>The schemes.</summary>
    public required IReadOnlyList<ScalingCurve> Curves { get; init; }

    /// <summary>Samples T of the law for an infinite memory.</summary>
    public required IReadOnlyList<int> Samples { get; init; }

    /// <summary>Σ p (1 − p)ᵀ at those T, exact.</summary>
    public required IReadOnlyList<double> UnseenMass { get; init; }

    /// <summary>The slope of its logarithm on ln T from T = 100 on; the law says −1 + 1/α.</summary>
    public required LineFit? UnseenSlope { get; init; }
}
