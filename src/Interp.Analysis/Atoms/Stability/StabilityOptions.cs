using Interp.Compute.Options;

namespace Interp.Analysis.Atoms.Stability;

/// <summary>Which dictionaries are compared, and how.</summary>
public sealed record StabilityOptions
{
    /// <summary>The folders of the other dictionaries.</summary>
    [Option("Folders of the dictionaries to compare with, separated by commas: the same training with other seeds, for example")]
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>The most rows that tell living latents and the metric, where activations are given.</summary>
    [Option("Most rows that tell which latents are alive and give the atomic inner product, where activations are given", Minimum = 100, Unit = "rows")]
    public long Rows { get; init; } = 100_000;

    /// <summary>The hook, where the activations hold several; empty takes the dictionary's own.</summary>
    [Option("Hook, where the activations hold several; empty takes the dictionary's own")]
    public string? Hook { get; init; }

    /// <summary>The seed of the random directions and of the sample of rows.</summary>
    [Option("Seed of the random directions and of the sample of rows", Minimum = 0)]
    public long Seed { get; init; } = 1;
}
