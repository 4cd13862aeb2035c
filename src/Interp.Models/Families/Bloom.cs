using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>BLOOM: a normalised embedding, ALiBi, queries, keys and values interleaved by head.</summary>
internal sealed class Bloom : IModelFamily
{
    public string ModelType => "bloom";

    public IReadOnlyList<string> Architectures { get; } = ["BloomForCausalLM", "BloomModel"];

    public ModelConfig Config(ConfigJson json, WeightReader weights)
    {
        json.Refuse("apply_residual_connection_post_layernorm", "which is not supported");
        var width = json.OptionalInt("hidden_size") ?? json.Int("n_embed");
        var heads = json.OptionalInt("n_head") ?? json.Int("num_attention_heads");
        var headWidth = Heads.Width(json, width, heads);
        var vocabulary = json.Int("vocab_size");
        return new ModelConfig
        {
            Family = ModelType,
            LayerCount = json.Layers(json.Has("n_layer") ? "n_layer" : "num_hidden_layers"),
            Width = width,
            HeadCount = heads,
            KeyValueHeadCount = heads,
            HeadWidth = headWidth,
            MlpWidth = 4 * width,
            VocabularySize = vocabulary,
            OutputVocabularySize = vocabulary,
            ContextLength = json.OptionalInt("seq_length") ?? int.MaxValue,
            Norm = NormKind.LayerNorm,
            NormEpsilon = json.Double("layer_norm_epsilon", 1e-5),
            Positions = PositionKind.Alibi,
            AttentionScale = 1 / Math.Sqrt(headWidth),
            Activation = ActivationFunction.GeluTanh,
            IsHeadTied = Heads.IsTied(json, weights, fallback: true),
        };
    }

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights)
    {
        weights.Prefix = weights.ChoosePrefix("word_embeddings.weight", "transformer.", "");
        var embedding = weights.Take("word_embeddings.weight", config.VocabularySize, config.Width);
        var norm = weights.TakeNorm("word_embeddings_layernorm", config.Width, hasBias: true);
        var blocks = Enumerable.Range(0, config.LayerCount).Select(layer => WeightReader.Block(() => Block(config, weights, $"h.{layer}"))).ToList();
        var final = weights.TakeNorm("ln_f", config.Width, hasBias: true);
        weights.Prefix = "";
        return new TransformerParameters
        {
            Embedding = embedding,
            EmbeddingNorm = norm,
            Blocks = blocks,
            FinalNorm = final,
            Unembedding = Heads.Unembedding(weights, embedding, config.IsHeadTied),
        };
    }

    private static BlockParameters Block(ModelConfig config, WeightReader weights, string name)
    {
        var (width, all) = (config.Width, config.HeadCount * config.HeadWidth);
        var (matrix, bias) = Heads.Interleaved(config, weights, $"{name}.self_attention.query_key_value", hasBias: true);
        return new BlockParameters
        {
            QueryKeyValue = matrix,
            QueryKeyValueBias = bias,
            AttentionNorm = weights.TakeNorm($"{name}.input_layernorm", width, hasBias: true),
            Output = weights.TakeTransposed($"{name}.self_attention.dense.weight", width, all),
            OutputBias = weights.Take($"{name}.self_attention.dense.bias", width),
            MlpNorm = weights.TakeNorm($"{name}.post_attention_layernorm", width, hasBias: true),
            In = weights.TakeTransposed($"{name}.mlp.dense_h_to_4h.weight", config.MlpWidth, width),
            InBias = weights.Take($"{name}.mlp.dense_h_to_4h.bias", config.MlpWidth),
            Out = weights.TakeTransposed($"{name}.mlp.dense_4h_to_h.weight", width, config.MlpWidth),
            OutBias = weights.Take($"{name}.mlp.dense_4h_to_h.bias", width),
        };
    }
}
