namespace Interp.Analysis.Circles.Planes;

/// <summary>One set of labelled points that was searched for planes.</summary>
public sealed record PlanesCloud
{
    /// <summary>What the points are.</summary>
    public required string Name { get; init; }

    /// <summary>The number of points n.</summary>
    public required int Points { get; init; }

    /// <summary>Their width d.</summary>
    public required int Dimension { get; init; }

    /// <summary>The number of residues p.</summary>
    public required int Modulus { get; init; }

    /// <summary>The leading principal components' shares of the variance, 0–1; circles show as nearly equal pairs.</summary>
    public required double[] VarianceShares { get; init; }

    /// <summary>The R² that the components reach on a circle of labels drawn at random, components/(n − 1).</summary>
    public required double ChanceR2 { get; init; }

    /// <summary>The frequencies of the planes that are circles, ascending.</summary>
    public required int[] CircleFrequencies { get; init; }

    /// <summary>What to keep in mind when reading the numbers, one line each.</summary>
    public required string[] Warnings { get; init; }
}
