using Interp.Compute.Options;

namespace Interp.Analysis.Circles.Homology;

/// <summary>Which points the loops of a cloud are looked for among.</summary>
public sealed record HomologyOptions
{
    /// <summary>Labels that repeat along the rows; the rows of each are averaged. 0 takes every row as it is.</summary>
    [Option("Number of labels, which repeat along the rows, or are (a + b) mod p of p² rows with --pairs; the rows of each are averaged; 0 takes every row as a point", Minimum = 0, Maximum = 400)]
    public int Modulus { get; init; }

    /// <summary>Whether the rows are p·a + b and labelled by a + b.</summary>
    [Option("Whether the rows are all pairs p·a + b, labelled by (a + b) mod p")]
    public bool Pairs { get; init; }

    /// <summary>The most points; of more, landmarks are chosen, each the farthest from those before.</summary>
    [Option("Most points; of more, so many landmarks are chosen, each the farthest from those before it", Minimum = 3, Maximum = 400, Unit = "points")]
    public int Landmarks { get; init; } = 200;

    /// <summary>Principal components in which distances are taken; 0 takes the rows as they are.</summary>
    [Option("Principal components in which distances are taken; 0 takes the rows as they are", Minimum = 0, Maximum = 1000, Unit = "components")]
    public int Components { get; init; }

    /// <summary>The most bars that the result lists.</summary>
    [Option("Most bars that the result lists, longest first", Minimum = 1, Maximum = 100_000, Unit = "bars", Advanced = true)]
    public int Listed { get; init; } = 200;
}
