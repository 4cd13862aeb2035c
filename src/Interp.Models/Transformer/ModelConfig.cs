namespace Interp.Models.Transformer;

/// <summary>
/// The sizes and switches of a transformer. One record drives the one implementation of the block; a family is a mapping from
/// its configuration file to this record and a table of tensor names.
/// </summary>
public sealed record ModelConfig
{
    /// <summary>The architecture family, the configuration's <c>model_type</c> ("gpt2").</summary>
    public required string Family { get; init; }

    /// <summary>The number of blocks.</summary>
    public required int LayerCount { get; init; }

    /// <summary>d_model, the width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>The number of query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>The number of key and value heads; each serves HeadCount / KeyValueHeadCount query heads.</summary>
    public required int KeyValueHeadCount { get; init; }

    /// <summary>d_head. Heads times d_head need not equal d_model.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>d_mlp, the number of neurons of a block; 0 without MLPs.</summary>
    public required int MlpWidth { get; init; }

    /// <summary>How many token ids the embedding knows.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>How many logits there are at each position.</summary>
    public required int OutputVocabularySize { get; init; }

    /// <summary>The longest input, in tokens; the largest integer where the architecture sets no limit.</summary>
    public required int ContextLength { get; init; }

    /// <summary>How the stream is normalised.</summary>
    public NormKind Norm { get; init; }

    /// <summary>Whether norms have weights (and, for LayerNorm, biases).</summary>
    public bool HasNormWeights { get; init; } = true;

    /// <summary>Where norms stand in a block.</summary>
    public NormPlacement NormPlacement { get; init; }

    /// <summary>Whether a norm stands before the unembedding.</summary>
    public bool HasFinalNorm { get; init; } = true;

    /// <summary>Whether norm weights multiply before the value is cast down to the model's type (Gemma), not after.</summary>
    public bool IsNormWeightPrecise { get; init; }

    /// <summary>What queries and keys are normalised over before the rotation.</summary>
    public QueryKeyNorm QueryKeyNorm { get; init; }

    /// <summary>What norms add under the root.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>How positions enter.</summary>
    public PositionKind Positions { get; init; }

    /// <summary>The rotation, where <see cref="Positions"/> is rotary.</summary>
    public RotarySettings? Rotary { get; init; }

    /// <summary>The rotation of windowed layers where it is another one (Gemma 3); else null.</summary>
    public RotarySettings? WindowRotary { get; init; }

    /// <summary>Layers that are not rotated although the others are (SmolLM3).</summary>
    public IReadOnlyList<int> UnrotatedLayers { get; init; } = [];

    /// <summary>How many tokens back a query sees, itself included; null for all of them.</summary>
    public int? Window { get; init; }

    /// <summary>The layers that have the window; null for all of them.</summary>
    public IReadOnlyList<int>? WindowedLayers { get; init; }

    /// <summary>Which positions a query sees.</summary>
    public AttentionDirection Direction { get; init; }

    /// <summary>What the products of queries and keys are multiplied by; usually 1/√d_head.</summary>
    public required double AttentionScale { get; init; }

    /// <summary>Whether layer l's attention scale is divided by l + 1 too (some GPT-2 models).</summary>
    public bool IsAttentionScaledByLayer { get; init; }

    /// <summary>c: scores become c·tanh(scores/c); null for no cap (Gemma 2).</summary>
    public double? AttentionSoftcap { get; init; }

    /// <summary>c: logits become c·tanh(logits/c); null for no cap (Gemma 2).</summary>
    public double? LogitSoftcap { get; init; }

    /// <summary>What the embedding is multiplied by (Gemma: √d_model; Granite).</summary>
    public double EmbeddingScale { get; init; } = 1;

    /// <summary>What attention and MLP outputs are multiplied by before they are added (Granite).</summary>
    public double ResidualScale { get; init; } = 1;

    /// <summary>What logits are divided by (Granite).</summary>
    public double LogitDivisor { get; init; } = 1;

    /// <summary>The number of experts that stand in an MLP's place; 0 without experts (Mixtral).</summary>
    public int ExpertCount { get; init; }

    /// <summary>How many experts each token goes through.</summary>
    public int ExpertsPerToken { get; init; }

    /// <summary>The MLP's non-linearity.</summary>
    public ActivationFunction Activation { get; init; }

    /// <summary>Whether the MLP is gated: act(x·W_gate) ⊙ (x·W_in).</summary>
    public bool IsGated { get; init; }

    /// <summary>Whether a LayerNorm follows the non-linearity (SoLU models).</summary>
    public bool HasMlpNorm { get; init; }

    /// <summary>Whether attention and MLP read the same stream, side by side.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Whether the unembedding is the embedding's transpose.</summary>
    public bool IsHeadTied { get; init; }

    /// <summary>Whether blocks have no MLP.</summary>
    public bool IsAttentionOnly => MlpWidth == 0;

    /// <summary>The scale of a layer's attention scores.</summary>
    public double AttentionScaleOf(int layer) => IsAttentionScaledByLayer ? AttentionScale / (layer + 1) : AttentionScale;

    /// <summary>How many tokens back a layer's queries see, themselves included; null for all of them.</summary>
    public int? WindowOf(int layer) => WindowedLayers is null || WindowedLayers.Contains(layer) ? Window : null;

    /// <summary>A layer's rotation, or null.</summary>
    public RotarySettings? RotaryOf(int layer) =>
        UnrotatedLayers.Contains(layer) ? null : WindowRotary is not null && WindowOf(layer) is not null ? WindowRotary : Rotary;

    /// <summary>Whether logits are capped or divided after the unembedding.</summary>
    internal bool AreLogitsTransformed => LogitSoftcap is not null || LogitDivisor != 1;
}
