using System.Text.Json.Nodes;
using Interp.Analysis.Atoms.Formats;

namespace Interp.Analysis.Atoms;

/// <summary>What a sparse autoencoder's configuration says besides its sizes: what it was trained on, and how it is applied.</summary>
public sealed record DictionaryInfo
{
    /// <summary>How the code is made.</summary>
    public DictionaryArchitecture Architecture { get; init; } = DictionaryArchitecture.JumpRelu;

    /// <summary>Whether b_dec is subtracted from the input before encoding (β of the formulas).</summary>
    public bool SubtractsDecoderBias { get; init; } = true;

    /// <summary>k of <see cref="DictionaryArchitecture.TopK"/>, BatchTopK (may be a fraction there) and GroupMax; of a dictionary with thresholds the k it was trained with, or 0.</summary>
    public double ActiveCount { get; init; }

    /// <summary>What is done to each row before encoding.</summary>
    public InputNormalisation Normalisation { get; init; }

    /// <summary>Whether z is multiplied by the length of the latent's direction before selection, and the code divided by it before decoding.</summary>
    public bool RescalesByDecoderNorm { get; init; }

    /// <summary>Whether codes are rectified; where not, a latent with a negative z above its threshold, or among the greatest k, has a negative code.</summary>
    public bool RectifiesCodes { get; init; } = true;

    /// <summary>Whether it maps one hook to another instead of reconstructing its input.</summary>
    public bool IsTranscoder { get; init; }

    /// <summary>Whether its input is a head-wise activation <c>[…, heads, d_head]</c> flattened.</summary>
    public bool FlattensHeads { get; init; }

    /// <summary>Whether the input must be multiplied by a factor that the files do not give; such a dictionary cannot be applied.</summary>
    public bool LacksInputScale { get; init; }

    /// <summary>The widths of nested prefixes that each decode on their own (Matryoshka), or null.</summary>
    public IReadOnlyList<long>? NestedWidths { get; init; }

    /// <summary>The model whose activations it reads, or null when the file does not say.</summary>
    public string? ModelName { get; init; }

    /// <summary>The hook whose activations it reads ("blocks.0.hook_resid_post"), or null when the file does not say.</summary>
    public string? HookName { get; init; }

    /// <summary>The hook that it writes, where that is another than it reads; else null.</summary>
    public string? OutputHookName { get; init; }

    /// <summary>The tokens of context it was trained with, or null when the file does not say.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Whether the texts it was trained on started with a begin token, or null when the file does not say.</summary>
    public bool? PrependsBegin { get; init; }

    /// <summary>Whether a transcoder's input has the norm's learned gain in it, or null when that is not known.</summary>
    public bool? InputIncludesNormGain { get; init; }

    /// <summary>The format it was read from; null for a new one.</summary>
    public DictionaryFormat? Format { get; init; }

    /// <summary>What was done to the weights on reading, one line each.</summary>
    public IReadOnlyList<string> Conversions { get; init; } = [];

    /// <summary>What to know before using it, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How it was trained, where this program trained it; else null.</summary>
    public TrainingRecord? Training { get; init; }

    /// <summary>The whole configuration as read, so that writing it again loses nothing; null for a new one.</summary>
    internal JsonObject? Source { get; init; }
}
