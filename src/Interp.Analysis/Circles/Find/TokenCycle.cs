namespace Interp.Analysis.Circles.Find;

/// <summary>Words that come round again, such as the days of the week, as tokens with a place on a circle each.</summary>
public sealed record TokenCycle
{
    /// <summary>What they are ("weekdays").</summary>
    public required string Name { get; init; }

    /// <summary>p, how many there are.</summary>
    public required int Period { get; init; }

    /// <summary>The place 0 … p − 1 of each token that is one of the words, with or without a space before it.</summary>
    public required IReadOnlyDictionary<int, int> Labels { get; init; }

    /// <summary>For each harmonic k = 1 … ⌊(p − 1)/2⌋ the plane that a probe of 2πkα/p reads at the dictionary's input, orthonormal rows <c>[2, d]</c>; empty without a model that was asked.</summary>
    public IReadOnlyList<double[,]> ProbePlanes { get; init; } = [];
}
