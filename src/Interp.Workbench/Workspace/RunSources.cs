namespace Interp.Workbench.Workspace;

/// <summary>What a run worked on, as it was asked for; null for what the analysis did not take.</summary>
public sealed record RunSources
{
    /// <summary>The model's name.</summary>
    public string? Model { get; init; }

    /// <summary>The model's folder.</summary>
    public string? ModelFolder { get; init; }

    /// <summary>One tensor as <c>FILE:TENSOR</c>.</summary>
    public string? Tensor { get; init; }

    /// <summary>A text file.</summary>
    public string? TextFile { get; init; }

    /// <summary>A folder of activation shards, or the run that wrote them.</summary>
    public string? Activations { get; init; }

    /// <summary>A sparse autoencoder's folder, or the run that trained it.</summary>
    public string? Dictionary { get; init; }
}
