using Interp.Models;
using TorchSharp;

namespace Interp.Analysis;

/// <summary>What a run works on. The workbench resolves names to these; each analysis takes what it needs.</summary>
public sealed record AnalysisSources
{
    /// <summary>The loaded model, owned by the caller, or null.</summary>
    public LanguageModel? Model { get; init; }

    /// <summary>One tensor of a safetensors file as <c>FILE:TENSOR</c>, or null.</summary>
    public string? Tensor { get; init; }

    /// <summary>A UTF-8 text file, or null. A model that ships its own task (modular addition, say) needs none.</summary>
    public string? TextFile { get; init; }

    /// <summary>A folder of activation shards, or null.</summary>
    public string? Activations { get; init; }

    /// <summary>A sparse autoencoder's folder, or null.</summary>
    public string? Dictionary { get; init; }

    /// <summary>Where to compute what can be computed on another device than the CPU; the model's own where there is a model.</summary>
    public torch.Device? Device { get; init; }

    /// <summary>An empty folder for what is too big for the result record (shards, trained weights).</summary>
    public required string OutputFolder { get; init; }
}
