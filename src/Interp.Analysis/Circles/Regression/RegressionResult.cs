namespace Interp.Analysis.Circles.Regression;

/// <summary>What groups of features explain of activations over a grid, one group after the other.</summary>
public sealed record RegressionResult
{
    /// <summary>p: the grid has p × p cells.</summary>
    public required int Grid { get; init; }

    /// <summary>Cells p², the rows of the input.</summary>
    public required int Cells { get; init; }

    /// <summary>The width of the activations.</summary>
    public required int Dimension { get; init; }

    /// <summary>Principal components that are explained.</summary>
    public required int Components { get; init; }

    /// <summary>Their share of the activations' variance, 0–1.</summary>
    public required double VarianceShare { get; init; }

    /// <summary>R² with all groups, 0–1.</summary>
    public required double R2 { get; init; }

    /// <summary>R² in held-out cells with all groups; may be negative.</summary>
    public required double HeldOutR2 { get; init; }

    /// <summary>The rank of the whole design, the degrees of freedom used, of <see cref="Cells"/>.</summary>
    public required int Rank { get; init; }

    /// <summary>Whether the groups were selected, not given.</summary>
    public required bool IsSelected { get; init; }

    /// <summary>Why no further group was added.</summary>
    public required string Stopped { get; init; }

    /// <summary>The steps, the constant first.</summary>
    public required RegressionStep[] Steps { get; init; }

    /// <summary>What to keep in mind when reading the numbers, one line each.</summary>
    public required string[] Warnings { get; init; }
}
