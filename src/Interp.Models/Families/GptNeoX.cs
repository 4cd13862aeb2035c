using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>GPT-NeoX and Pythia: attention and MLP side by side with a norm each, part of each head rotated, the exact GELU.</summary>
internal sealed class GptNeoX : IModelFamily
{
    public string ModelType => "gpt_neox";

    public IReadOnlyList<string> Architectures { get; } = ["GPTNeoXForCausalLM", "GPTNeoXModel"];

    public ModelConfig Config(ConfigJson json, WeightReader weights)
    {
        var (width, heads) = (json.Int("hidden_size"), json.Int("num_attention_heads"));
        var headWidth = Heads.Width(json, width, heads);
        var (vocabulary, context) = (json.Int("vocab_size"), json.Int("max_position_embeddings", 2048));
        return new ModelConfig
        {
            Family = ModelType,
            LayerCount = json.Layers("num_hidden_layers"),
            Width = width,
            HeadCount = heads,
            KeyValueHeadCount = heads,
            HeadWidth = headWidth,
            MlpWidth = json.Int("intermediate_size"),
            VocabularySize = vocabulary,
            OutputVocabularySize = vocabulary,
            ContextLength = context,
            Norm = NormKind.LayerNorm,
            NormEpsilon = json.Double("layer_norm_eps", 1e-5),
            Positions = PositionKind.Rotary,
            Rotary = RotaryJson.Read(json, headWidth, context, json.Double("rotary_emb_base", 10_000), json.Double("rotary_pct", 0.25)),
            AttentionScale = 1 / Math.Sqrt(headWidth),
            Activation = json.Activation("hidden_act", "gelu"),
            IsParallel = json.Bool("use_parallel_residual", true),
            IsHeadTied = Heads.IsTied(json, weights, fallback: false, head: "embed_out.weight"),
        };
    }

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights)
    {
        weights.Skip(name => name.EndsWith(".attention.bias", StringComparison.Ordinal) || name.EndsWith(".attention.masked_bias", StringComparison.Ordinal)
            || name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal));
        weights.Prefix = weights.ChoosePrefix("embed_in.weight", "gpt_neox.", "");
        var embedding = weights.Take("embed_in.weight", config.VocabularySize, config.Width);
        var hasBias = json.Bool("attention_bias", true);
        var blocks = Enumerable.Range(0, config.LayerCount).Select(layer => WeightReader.Block(() => Block(config, weights, $"layers.{layer}", hasBias))).ToList();
        var final = weights.TakeNorm("final_layer_norm", config.Width, hasBias: true);
        weights.Prefix = "";
        return new TransformerParameters
        {
            Embedding = embedding,
            Blocks = blocks,
            FinalNorm = final,
            Unembedding = Heads.Unembedding(weights, embedding, config.IsHeadTied, "embed_out.weight"),
        };
    }

    private static BlockParameters Block(ModelConfig config, WeightReader weights, string name, bool hasBias)
    {
        var (width, all) = (config.Width, config.HeadCount * config.HeadWidth);
        var (matrix, bias) = Heads.Interleaved(config, weights, $"{name}.attention.query_key_value", hasBias);
        return new BlockParameters
        {
            QueryKeyValue = matrix,
            QueryKeyValueBias = bias,
            AttentionNorm = weights.TakeNorm($"{name}.input_layernorm", width, hasBias: true),
            Output = weights.TakeTransposed($"{name}.attention.dense.weight", width, all),
            OutputBias = hasBias ? weights.Take($"{name}.attention.dense.bias", width) : null,
            MlpNorm = weights.TakeNorm($"{name}.post_attention_layernorm", width, hasBias: true),
            In = weights.TakeTransposed($"{name}.mlp.dense_h_to_4h.weight", config.MlpWidth, width),
            InBias = weights.Take($"{name}.mlp.dense_h_to_4h.bias", config.MlpWidth),
            Out = weights.TakeTransposed($"{name}.mlp.dense_4h_to_h.weight", width, config.MlpWidth),
            OutBias = weights.Take($"{name}.mlp.dense_4h_to_h.bias", width),
        };
    }
}
