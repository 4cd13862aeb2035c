using Interp.Compute.Options;

namespace Interp.Workbench.Analyze;

/// <summary>How the whole line is run: capture, atoms, circles, capacity, entanglement, one report.</summary>
public sealed record AnalyzeOptions
{
    /// <summary>The seed of every random choice.</summary>
    [Option("The seed of every random choice; the same seed gives the same numbers.", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; }

    /// <summary>The hook whose activations the atoms are trained on; null for the residual stream after the last block.</summary>
    [Option("The hook whose activations the atoms are trained on; empty for the residual stream after the last block.")]
    public string? Hook { get; init; }

    /// <summary>A UTF-8 text file; null for the model's own task.</summary>
    [Option("A UTF-8 text file to run the model on; a model that ships its own task needs none.")]
    public string? TextFile { get; init; }

    /// <summary>How many tokens of the text are captured.</summary>
    [Option("How many tokens of the text are captured.", Minimum = 100, Maximum = 100_000_000, Unit = "tokens")]
    public int Tokens { get; init; } = 50_000;

    /// <summary>The length of the pieces that the text is cut into.</summary>
    [Option("The length of the pieces that the text is cut into.", Minimum = 2, Maximum = 1_000_000, Unit = "tokens", Advanced = true)]
    public int Context { get; init; } = 128;
}
