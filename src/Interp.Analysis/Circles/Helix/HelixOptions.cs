using Interp.Compute.Options;

namespace Interp.Analysis.Circles.Helix;

/// <summary>How activations of numbers are fitted by a helix.</summary>
public sealed record HelixOptions
{
    /// <summary>The number of the first row; the others follow by one.</summary>
    [Option("The number that the first row belongs to; the other rows follow by one")]
    public int First { get; init; }

    /// <summary>Periods of the circles.</summary>
    [Option("Periods of the helix's circles", Minimum = 2, Maximum = 100_000)]
    public IReadOnlyList<int> Periods { get; init; } = [2, 5, 10, 100];

    /// <summary>Principal components in which it is fitted.</summary>
    [Option("Principal components, of the fitted rows, in which the helix is fitted", Minimum = 1, Maximum = 1000, Unit = "components")]
    public int Components { get; init; } = 100;

    /// <summary>The share of numbers held out.</summary>
    [Option("Share of the numbers that are held out", Minimum = 0.05, Maximum = 0.9)]
    public double HeldOut { get; init; } = 0.25;

    /// <summary>Shuffled fits behind the null.</summary>
    [Option("Fits of shuffled numbers for comparison", Minimum = 1, Maximum = 1000, Unit = "draws")]
    public int NullDraws { get; init; } = 20;

    /// <summary>The seed of the split and of the shuffles.</summary>
    [Option("The seed of the split and of the shuffles", Minimum = 0)]
    public long Seed { get; init; }
}
