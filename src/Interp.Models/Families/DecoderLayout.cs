using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>
/// The tensor names that most recent families share (<c>model.layers.N.self_attn.q_proj</c> and so on), with the points at which
/// they differ. A family fills in its own.
/// </summary>
internal sealed record DecoderLayout
{
    /// <summary>What may stand before all names; the first that is there is used.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = ["model.", Heads.WrappedPrefix + "model.", "model." + Heads.WrappedPrefix, ""];

    public string FinalNorm { get; init; } = "norm";

    /// <summary>Before attention; empty for none.</summary>
    public string AttentionNorm { get; init; } = "input_layernorm";

    /// <summary>On what attention adds; empty for none.</summary>
    public string AttentionPostNorm { get; init; } = "";

    /// <summary>Before the MLP; the same as <see cref="AttentionNorm"/> where they share one; empty for none.</summary>
    public string MlpNorm { get; init; } = "post_attention_layernorm";

    /// <summary>On what the MLP adds; empty for none.</summary>
    public string MlpPostNorm { get; init; } = "";

    /// <summary>Whether norms have biases.</summary>
    public bool HasNormBias { get; init; }

    /// <summary>Whether norms are stored as their distance from one, and multiply in float32 (Gemma).</summary>
    public bool IsNormOffset { get; init; }

    /// <summary>Whether queries, keys and values have biases.</summary>
    public bool HasQueryBias { get; init; }

    /// <summary>Whether attention's output has one.</summary>
    public bool HasOutputBias { get; init; }

    /// <summary>Whether the MLP has biases.</summary>
    public bool HasMlpBias { get; init; }

    public string Output { get; init; } = "o_proj";

    /// <summary>Whether queries, keys and values are one matrix, <c>qkv_proj</c>, of rows query, key, value.</summary>
    public bool IsQueryKeyValueFused { get; init; }

    /// <summary>Whether gate and up are one matrix, <c>gate_up_proj</c>, of rows gate, up.</summary>
    public bool IsGateFused { get; init; }

    /// <summary>The names of in and out of a two-matrix MLP.</summary>
    public (string In, string Out) Plain { get; init; } = ("fc1", "fc2");

    /// <summary>Reads the query or key norm of a layer ("q" or "k"), given its heads.</summary>
    public Func<WeightReader, string, string, int, NormParameters>? QueryKeyNorm { get; init; }

    /// <summary>Reads what stands in the MLP's place, given the block and its name.</summary>
    public Func<WeightReader, BlockParameters, string, BlockParameters>? Mlp { get; init; }

    /// <summary>Whether the unembedding has a bias.</summary>
    public bool HasHeadBias { get; init; }

    /// <summary>Takes all weights.</summary>
    public TransformerParameters Weights(ModelConfig config, WeightReader weights)
    {
        weights.Skip(name => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal));
        weights.Skip(name => name.Contains("vision_tower.", StringComparison.Ordinal) || name.Contains("multi_modal_projector.", StringComparison.Ordinal));
        weights.Prefix = weights.ChoosePrefix("embed_tokens.weight", [.. Prefixes]);
        var embedding = weights.Take("embed_tokens.weight", config.VocabularySize, config.Width);
        var blocks = Enumerable.Range(0, config.LayerCount)
            .Select(layer => WeightReader.Block(() => Block(config, weights, $"layers.{layer}")))
            .ToList();
        var final = Norm(config, weights, FinalNorm);
        weights.Prefix = weights.ChoosePrefix("lm_head.weight", "", Heads.WrappedPrefix);
        return new TransformerParameters
        {
            Embedding = embedding,
            Blocks = blocks,
            FinalNorm = final,
            Unembedding = Heads.Unembedding(weights, embedding, config.IsHeadTied),
            UnembeddingBias = HasHeadBias ? weights.Take("lm_head.bias", config.OutputVocabularySize) : null,
        };
    }

    private BlockParameters Block(ModelConfig config, WeightReader weights, string name)
    {
        var (width, queries) = (config.Width, config.HeadCount * config.HeadWidth);
        var attentionNorm = Norm(config, weights, AttentionNorm, name);
        var block = new BlockParameters
        {
            AttentionNorm = attentionNorm,
            AttentionPostNorm = Norm(config, weights, AttentionPostNorm, name),
            QueryKeyValue = QueryKeyValue(config, weights, $"{name}.self_attn"),
            QueryKeyValueBias = HasQueryBias ? QueryKeyValueBias(config, weights, $"{name}.self_attn") : null,
            QueryNorm = QueryKeyNorm?.Invoke(weights, $"{name}.self_attn", "q", config.HeadCount) ?? NormParameters.None,
            KeyNorm = QueryKeyNorm?.Invoke(weights, $"{name}.self_attn", "k", config.KeyValueHeadCount) ?? NormParameters.None,
            Output = weights.TakeTransposed($"{name}.self_attn.{Output}.weight", width, queries),
            OutputBias = HasOutputBias ? weights.Take($"{name}.self_attn.{Output}.bias", width) : null,
            MlpNorm = MlpNorm == AttentionNorm ? Shared(attentionNorm) : Norm(config, weights, MlpNorm, name),
            MlpPostNorm = Norm(config, weights, MlpPostNorm, name),
        };
        return Mlp is not null ? Mlp(weights, block, name) : config.IsGated ? Gated(config, weights, block, $"{name}.mlp") : TwoMatrices(config, weights, block, $"{name}.mlp");
    }

    private BlockParameters Gated(ModelConfig config, WeightReader weights, BlockParameters block, string name)
    {
        var (width, mlp) = (config.Width, config.MlpWidth);
        Tensor? Bias(string part, int size) => HasMlpBias ? weights.Take($"{name}.{part}.bias", size) : null;
        var both = IsGateFused ? weights.Take($"{name}.gate_up_proj.weight", 2 * mlp, width) : null;
        return block with
        {
            Gate = both is null ? weights.TakeTransposed($"{name}.gate_proj.weight", mlp, width) : both.narrow(0, 0, mlp).t(),
            GateBias = Bias("gate_proj", mlp),
            In = both is null ? weights.TakeTransposed($"{name}.up_proj.weight", mlp, width) : both.narrow(0, mlp, mlp).t(),
            InBias = Bias("up_proj", mlp),
            Out = weights.TakeTransposed($"{name}.down_proj.weight", width, mlp),
            OutBias = Bias("down_proj", width),
        };
    }

    private BlockParameters TwoMatrices(ModelConfig config, WeightReader weights, BlockParameters block, string name) => block with
    {
        In = weights.TakeTransposed($"{name}.{Plain.In}.weight", config.MlpWidth, config.Width),
        InBias = HasMlpBias ? weights.Take($"{name}.{Plain.In}.bias", config.MlpWidth) : null,
        Out = weights.TakeTransposed($"{name}.{Plain.Out}.weight", config.Width, config.MlpWidth),
        OutBias = HasMlpBias ? weights.Take($"{name}.{Plain.Out}.bias", config.Width) : null,
    };

    private Tensor QueryKeyValue(ModelConfig config, WeightReader weights, string name)
    {
        var (queries, keys) = (config.HeadCount * config.HeadWidth, config.KeyValueHeadCount * config.HeadWidth);
        return IsQueryKeyValueFused
            ? weights.TakeTransposed($"{name}.qkv_proj.weight", queries + (2 * keys), config.Width)
            : weights.TakeStacked([($"{name}.q_proj.weight", queries), ($"{name}.k_proj.weight", keys), ($"{name}.v_proj.weight", keys)], config.Width).t();
    }

    private static Tensor QueryKeyValueBias(ModelConfig config, WeightReader weights, string name)
    {
        var (queries, keys) = (config.HeadCount * config.HeadWidth, config.KeyValueHeadCount * config.HeadWidth);
        return weights.TakeStacked([($"{name}.q_proj.bias", queries), ($"{name}.k_proj.bias", keys), ($"{name}.v_proj.bias", keys)]);
    }

    private NormParameters Norm(ModelConfig config, WeightReader weights, string norm, string? block = null)
    {
        if (norm.Length == 0)
        {
            return NormParameters.None;
        }

        var name = block is null ? norm : $"{block}.{norm}";
        return IsNormOffset ? weights.TakeOffsetNorm(name, config.Width) : weights.TakeNorm(name, config.Width, HasNormBias);
    }

    // Handles of its own, so that each norm can be freed.
    private static NormParameters Shared(NormParameters norm) => new(norm.Weight?.alias(), norm.Bias?.alias());
}
