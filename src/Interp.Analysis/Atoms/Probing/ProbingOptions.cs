using Interp.Compute.Options;

namespace Interp.Analysis.Atoms.Probing;

/// <summary>How a dictionary's latents are probed.</summary>
public sealed record ProbingOptions
{
    /// <summary>The labels.</summary>
    [Option("What rows are labelled with: first-letter (of tokens that begin a word), answer (of modular addition) or token; auto takes what fits")]
    public ProbeTask Task { get; init; }

    /// <summary>The numbers of latents that a probe may read.</summary>
    [Option("Numbers of latents that a probe may read, separated by commas")]
    public IReadOnlyList<int> Sparsities { get; init; } = [1, 2, 4, 8, 16];

    /// <summary>The most training rows, and the most held-out rows.</summary>
    [Option("Most training rows, and most held-out rows, that are read", Minimum = 100, Maximum = 10_000_000, Unit = "rows")]
    public int Rows { get; init; } = 50_000;

    /// <summary>The most classes.</summary>
    [Option("Most classes that are probed, the most frequent ones", Minimum = 1, Maximum = 1000, Unit = "classes")]
    public int Classes { get; init; } = 26;

    /// <summary>The fewest training rows of a class.</summary>
    [Option("Fewest training rows that a class must have", Minimum = 2, Unit = "rows", Advanced = true)]
    public int LeastExamples { get; init; } = 40;

    /// <summary>The weight of ½‖w‖² in a probe's loss, features scaled to variance 1.</summary>
    [Option("Weight of the probes' ridge, with features scaled to variance 1", Minimum = 1e-6, Maximum = 1e6, Advanced = true)]
    public double Ridge { get; init; } = 1;

    /// <summary>The share of documents that count as held out, where the dictionary was not trained on these activations by this program.</summary>
    [Option("Share of documents that count as held out where the dictionary does not say which were", Minimum = 0.01, Maximum = 0.9, Advanced = true)]
    public double HeldOutFraction { get; init; } = 0.2;

    /// <summary>The hook, where the activations hold several; empty takes the dictionary's own.</summary>
    [Option("Hook, where the activations hold several; empty takes the dictionary's own")]
    public string? Hook { get; init; }

    /// <summary>The seed of the samples.</summary>
    [Option("Seed of the samples", Minimum = 0)]
    public long Seed { get; init; } = 1;
}
