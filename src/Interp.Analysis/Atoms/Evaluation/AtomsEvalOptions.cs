using Interp.Analysis.Atoms.Geometry;
using Interp.Compute.Options;

namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>How a dictionary is measured.</summary>
public sealed record AtomsEvalOptions
{
    /// <summary>The most training rows, and the most held-out rows, that are read.</summary>
    [Option("Most training rows, and most held-out rows, that are read", Minimum = 100, Unit = "rows")]
    public long Rows { get; init; } = 1_000_000;

    /// <summary>The most tokens that the model is run on for the loss with the dictionary in place.</summary>
    [Option("Most tokens that the model is run on for the loss with the dictionary in place", Minimum = 1, Unit = "tokens")]
    public int LossTokens { get; init; } = 20_000;

    /// <summary>The share of documents that count as held out, where the dictionary was not trained on these activations by this program.</summary>
    [Option("Share of documents that count as held out where the dictionary does not say which were", Minimum = 0, Maximum = 0.9, Advanced = true)]
    public double HeldOutFraction { get; init; } = 0.1;

    /// <summary>About what the second moment of the atomic inner product is taken.</summary>
    [Option("About what the second moment behind the atomic inner product is taken", Advanced = true)]
    public MetricCentring Centring { get; init; }

    /// <summary>λ of the atomic inner product; null chooses by the number of samples.</summary>
    [Option("Ridge of the atomic inner product, as a share of the mean variance; empty chooses by the number of samples", Minimum = 0, Maximum = 1, Advanced = true)]
    public double? Ridge { get; init; }

    /// <summary>The activations whose angles are compared.</summary>
    [Option("Activations whose pairwise angles are compared", Minimum = 2, Maximum = 10_000, Unit = "rows", Advanced = true)]
    public int AngleSample { get; init; } = 128;

    /// <summary>The hook, where the activations hold several; empty takes the dictionary's own.</summary>
    [Option("Hook, where the activations hold several; empty takes the dictionary's own")]
    public string? Hook { get; init; }

    /// <summary>The seed of the random directions, the shuffling and the samples.</summary>
    [Option("Seed of the random directions, the shuffling and the samples", Minimum = 0)]
    public long Seed { get; init; } = 1;
}
