using System.Text.Json.Nodes;

namespace Interp.Analysis.Atoms;

/// <summary>What a sparse autoencoder's configuration says besides its sizes: what it was trained on, and how it is applied.</summary>
public sealed record DictionaryInfo
{
    /// <summary>How the code is made.</summary>
    public DictionaryArchitecture Architecture { get; init; } = DictionaryArchitecture.JumpRelu;

    /// <summary>Whether b_dec is subtracted from the input before encoding (β of the formulas).</summary>
    public bool SubtractsDecoderBias { get; init; } = true;

    /// <summary>The model whose activations it reads, or null when the file does not say.</summary>
    public string? ModelName { get; init; }

    /// <summary>The hook whose activations it reads and writes ("blocks.0.hook_resid_post"), or null when the file does not say.</summary>
    public string? HookName { get; init; }

    /// <summary>The tokens of context it was trained with, or null when the file does not say.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Whether the texts it was trained on started with a begin token, or null when the file does not say.</summary>
    public bool? PrependsBegin { get; init; }

    /// <summary>How it was trained, where this program trained it; else null.</summary>
    public TrainingRecord? Training { get; init; }

    /// <summary>The whole configuration as read, so that writing it again loses nothing; null for a new one.</summary>
    internal JsonObject? Source { get; init; }
}
