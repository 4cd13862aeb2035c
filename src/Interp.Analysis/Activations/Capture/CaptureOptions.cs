using Interp.Compute.Options;

namespace Interp.Analysis.Activations.Capture;

/// <summary>Which activations are captured, and of what.</summary>
public sealed record CaptureOptions
{
    /// <summary>The hooks; none for the residual stream after the last block.</summary>
    [Option("Hooks to capture, separated by commas, names or globs; empty for the residual stream after the last block")]
    public IReadOnlyList<string> Hooks { get; init; } = [];

    /// <summary>The tokens of text to capture.</summary>
    [Option("Tokens of the text to capture; a model's own task runs all its prompts", Minimum = 1, Maximum = 10_000_000_000, Unit = "tokens")]
    public long Tokens { get; init; } = 50_000;

    /// <summary>The length of the pieces that the text is cut into.</summary>
    [Option("Length of the pieces that the text is cut into; the model's context at most", Minimum = 1, Maximum = 1_000_000, Unit = "tokens")]
    public int Context { get; init; } = 128;

    /// <summary>The positions that become rows.</summary>
    [Option("Positions that become rows; by default all of a text, and the last of a task's prompts")]
    public CapturedPositions Positions { get; init; }

    /// <summary>Whether pieces of text start with the tokenizer's begin token, where it has one.</summary>
    [Option("Start every piece with the tokenizer's begin token, where it has one; that token becomes no row", Advanced = true)]
    public bool BeginToken { get; init; } = true;

    /// <summary>The element type on disk.</summary>
    [Option("Element type on disk", Advanced = true)]
    public StoredType StoredAs { get; init; } = StoredType.Float32;

    /// <summary>The size of a shard.</summary>
    [Option("Size of a shard", Minimum = 1, Maximum = 16_384, Unit = "MiB", Advanced = true)]
    public int ShardSize { get; init; } = 64;

    /// <summary>The seed of the order in which the parts of a long text are visited.</summary>
    [Option("Seed of the order in which the parts of a long text are visited", Minimum = 0)]
    public long Seed { get; init; } = 1;

    /// <summary>How much longer than the median a row may be at any hook; 0 for no limit.</summary>
    [Option("Leave out rows that at any hook are longer than this many times the median of the batch they ran in, such as attention sinks; 0 keeps all, 10 is usual", Minimum = 0, Maximum = 1e9, Advanced = true)]
    public double OutlierNorm { get; init; }

    /// <summary>Which part of the capture to make, <c>i/n</c>; empty for all of it.</summary>
    [Option("Capture one part of several only, 2/4 for the second of four; interp merge puts parts together", Advanced = true)]
    public string? Shard { get; init; }

    /// <summary>Whether to go on behind the shards that a stopped capture finished.</summary>
    [Option("Go on behind the shards that a stopped capture of the same settings finished, where there is one", Advanced = true)]
    public bool Resume { get; init; }
}
