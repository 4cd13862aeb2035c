namespace Interp.Workbench.Workspace;

/// <summary>A model as lists show it, read from headers only: no weights are loaded.</summary>
public sealed record ModelListing
{
    /// <summary>The name: the folder's name.</summary>
    public required string Name { get; init; }

    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The architecture family, the configuration's <c>model_type</c> ("llama").</summary>
    public string Family { get; init; } = "";

    /// <summary>The numbers in the checkpoint's tensors, or null when its headers cannot be read.</summary>
    public long? Parameters { get; init; }

    /// <summary>The size of the weights, in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Whether the model comes with the program.</summary>
    public bool IsShipped { get; init; }

    /// <summary>Whether the folder holds a tokenizer.</summary>
    public bool HasTokenizer { get; init; }

    /// <summary>The task that the model was trained for and carries its prompts ("modular-addition"), or null.</summary>
    public string? Task { get; init; }

    /// <summary>The first line of its model card, or empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>Why it cannot be used, or null.</summary>
    public string? Problem { get; init; }
}
