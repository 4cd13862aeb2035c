using Interp.Compute.Options;

namespace Interp.Analysis.Circles.Regression;

/// <summary>How activations over a grid of two inputs are explained by groups of features.</summary>
public sealed record RegressionOptions
{
    /// <summary>p: the inputs α and β run over 0 … p − 1; 0 takes it from the number of rows.</summary>
    [Option("Side p of the grid: rows are p·α + β for α, β in 0 … p − 1; 0 takes it from the number of rows", Minimum = 0, Maximum = 512)]
    public int Grid { get; init; }

    /// <summary>The groups to add, in this order; empty selects them.</summary>
    [Option("Groups of features to add in this order, as onehot-a, circle-2c, period-10, a=4; empty selects them one by one")]
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Principal components of the activations that are explained.</summary>
    [Option("Principal components of the activations that are explained; the rest of their variance is left out", Minimum = 1, Maximum = 1000, Unit = "components")]
    public int Components { get; init; } = 20;

    /// <summary>The most groups that selection adds.</summary>
    [Option("Most groups that selection adds", Minimum = 1, Maximum = 64, Unit = "groups")]
    public int MaximumGroups { get; init; } = 12;

    /// <summary>What a group must explain of the held-out cells.</summary>
    [Option("What a group must explain beyond the others in held-out cells to be selected", Minimum = 0, Maximum = 1)]
    public double MinimumGain { get; init; } = 0.005;

    /// <summary>The largest p-value of a selected group.</summary>
    [Option("Largest p-value of a selected group in the residual-permutation test", Minimum = 0, Maximum = 1)]
    public double Significance { get; init; } = 0.01;

    /// <summary>Draws of the permutation test.</summary>
    [Option("Draws of the residual-permutation test", Minimum = 1, Maximum = 100_000, Unit = "draws")]
    public int Draws { get; init; } = 200;

    /// <summary>Parts of the cells, each held out once.</summary>
    [Option("Parts of the cells, each held out once", Minimum = 2, Maximum = 20, Unit = "folds", Advanced = true)]
    public int Folds { get; init; } = 7;

    /// <summary>The seed of the folds and of the permutations.</summary>
    [Option("The seed of the folds and of the permutations", Minimum = 0)]
    public long Seed { get; init; }
}
