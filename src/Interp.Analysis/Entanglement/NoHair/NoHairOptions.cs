using Interp.Compute.Options;

namespace Interp.Analysis.Entanglement.NoHair;

/// <summary>How tuned models are compared inside and outside.</summary>
public sealed record NoHairOptions
{
    /// <summary>The tuned models.</summary>
    [Option("The tuned models, as NAME=FOLDER (or a folder alone): adapters of the model, or tuned copies of it. Two at least.")]
    public IReadOnlyList<string> Runs { get; init; } = [];

    /// <summary>The matrices whose changes are compared.</summary>
    [Option("The matrices whose changes are compared, as names in which * stands for anything.")]
    public IReadOnlyList<string> Matrices { get; init; } = ["blocks.*.attn.W_Q", "blocks.*.attn.W_V"];

    /// <summary>The tokens of each prompt.</summary>
    [Option("The tokens of each prompt, cut down to a power of two and to what the model takes.", Minimum = 2, Maximum = 16384, Unit = "tokens")]
    public int Length { get; init; } = 64;

    /// <summary>How many prompts are run.</summary>
    [Option("How many prompts are run; the interval of the index is drawn from them.", Minimum = 2, Maximum = 100_000, Unit = "prompts")]
    public int Prompts { get; init; } = 32;

    /// <summary>Bootstrap draws.</summary>
    [Option("Bootstrap draws over prompts for the interval of the index.", Minimum = 10, Maximum = 1_000_000, Unit = "draws", Advanced = true)]
    public int Draws { get; init; } = 1000;

    /// <summary>The seed.</summary>
    [Option("The seed of the random updates, the permutations and the bootstrap.", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; }
}
