namespace Interp.Analysis.Circles.Irreps;

/// <summary>Which irreducible representations functions on a group are made of.</summary>
public sealed record IrrepsResult
{
    /// <summary>The group ("S5").</summary>
    public required string Group { get; init; }

    /// <summary>Its number of elements.</summary>
    public required int Order { get; init; }

    /// <summary>The irreducible representations, the trivial one first.</summary>
    public required IrrepMeasure[] Irreps { get; init; }

    /// <summary>The strongest nontrivial representation's share of each function's nontrivial power, 0–1; NaN for a constant.</summary>
    public required double[] Shares { get; init; }

    /// <summary>That representation's index in <see cref="Irreps"/>.</summary>
    public required int[] Strongest { get; init; }

    /// <summary>The median share of the functions that are not constant; null without any.</summary>
    public double? MedianShare { get; init; }

    /// <summary>The share of the functions that are not constant above the threshold, 0–1; null without any.</summary>
    public double? FunctionsAboveThreshold { get; init; }

    /// <summary>The threshold.</summary>
    public required double Threshold { get; init; }
}
