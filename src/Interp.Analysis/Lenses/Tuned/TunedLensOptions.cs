using Interp.Compute.Options;

namespace Interp.Analysis.Lenses.Tuned;

/// <summary>How a tuned lens is trained.</summary>
public sealed record TunedLensOptions
{
    /// <summary>How many steps are taken.</summary>
    [Option("How many steps are taken.", Minimum = 1, Maximum = 10_000_000, Unit = "steps")]
    public int Steps { get; init; } = 250;

    /// <summary>The tokens of a step.</summary>
    [Option("The tokens of a step.", Minimum = 1, Maximum = 1 << 24, Unit = "tokens")]
    public int BatchTokens { get; init; } = 2048;

    /// <summary>The length of the pieces that the text is cut into.</summary>
    [Option("Length of the pieces that the text is cut into; the model's context at most.", Minimum = 1, Maximum = 1_000_000, Unit = "tokens")]
    public int Context { get; init; } = 128;

    /// <summary>The step size of AdamW.</summary>
    [Option("The step size of AdamW.", Minimum = 1e-9, Maximum = 1)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The decay, which pulls each map towards none at all.</summary>
    [Option("The decay, which pulls each map towards none at all, that is to the logit lens.", Minimum = 0, Maximum = 10, Advanced = true)]
    public double WeightDecay { get; init; } = 1e-3;

    /// <summary>How many batches are kept apart to measure on.</summary>
    [Option("How many batches are kept apart to measure on.", Minimum = 1, Maximum = 10_000, Unit = "batches", Advanced = true)]
    public int HeldOutBatches { get; init; } = 4;

    /// <summary>The seed of the order in which the parts of a long text are visited.</summary>
    [Option("The seed of the order in which the parts of a long text are visited.", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; }

    /// <summary>Steps between saved states; 0 saves none.</summary>
    [Option("Steps between saved states; 0 saves none.", Minimum = 0, Maximum = 10_000_000, Unit = "steps", Advanced = true)]
    public int CheckpointEvery { get; init; } = 50;

    /// <summary>Whether to go on from a saved state.</summary>
    [Option("Go on from the saved state of a run that was stopped.", Advanced = true)]
    public bool Resume { get; init; }

    /// <summary>Where states are saved; empty for the output folder.</summary>
    [Option("Where states are saved; empty for the output folder.", Advanced = true)]
    public string StateFolder { get; init; } = "";
}
