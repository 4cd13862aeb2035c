using Interp.Compute.Options;

namespace Interp.Analysis.Geometry.Objective;

/// <summary>Which recipe is trained in which subspaces.</summary>
public sealed record ObjectiveOptions
{
    /// <summary>The recipe.</summary>
    [Option("The recipe that is trained: clock-31, clock-59 or calendar.")]
    public string Recipe { get; init; } = "clock-31";

    /// <summary>The dimensions.</summary>
    [Option("The dimensions of the subspaces, separated by commas; empty for powers of two from 16 to a quarter of the parameters.")]
    public IReadOnlyList<int> Dimensions { get; init; } = [];

    /// <summary>The subspaces of each dimension.</summary>
    [Option("The subspaces drawn of each dimension.", Minimum = 1, Maximum = 100, Unit = "subspaces")]
    public int Draws { get; init; } = 1;

    /// <summary>How subspaces are drawn.</summary>
    [Option("How the subspaces are drawn.")]
    public ProjectionKind Projection { get; init; }

    /// <summary>The share of the full performance that counts.</summary>
    [Option("The share of full training's accuracy from which a subspace counts as enough.", Minimum = 0.01, Maximum = 1)]
    public double Share { get; init; } = 0.9;

    /// <summary>The most steps; 0 for the recipe's.</summary>
    [Option("The most steps of each training; 0 for the recipe's.", Minimum = 0, Maximum = 10_000_000, Unit = "steps")]
    public int Steps { get; init; }

    /// <summary>The factor on the rate.</summary>
    [Option("A factor on the rate inside subspaces. At 1 it is the recipe's times √(D/d), so that a step moves the parameters as far as a step of all of them does.", Minimum = 1e-6, Maximum = 1e6, Advanced = true)]
    public double RateFactor { get; init; } = 1;

    /// <summary>The seed.</summary>
    [Option("The seed of the subspaces; the recipe's initial weights and examples are those of its own seed.", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; }
}
