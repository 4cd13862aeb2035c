namespace Interp.Analysis.Activations.Live;

/// <summary>How a live stream cuts documents and mixes their rows.</summary>
public sealed record ActivationStreamOptions
{
    /// <summary>About the rows of a hook that are held in memory; one document a block at least.</summary>
    public int BufferRows { get; init; } = 1 << 17;

    /// <summary>The length of a document in tokens; the model's context at most.</summary>
    public int Context { get; init; } = 128;

    /// <summary>Whether documents start with the tokenizer's begin token, which is no row.</summary>
    public bool BeginToken { get; init; } = true;

    /// <summary>Whether only the last position of a document is a row.</summary>
    public bool LastOnly { get; init; }

    /// <summary>The seed of the order of documents and rows.</summary>
    public long Seed { get; init; } = 1;
}
