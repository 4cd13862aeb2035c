using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>OPT: learned positions from row two on, ReLU; the 350M model normalises after adding and embeds in half the width.</summary>
internal sealed class Opt : IModelFamily
{
    /// <summary>The first rows of the position table are for padding.</summary>
    private const int FirstPosition = 2;

    public string ModelType => "opt";

    public IReadOnlyList<string> Architectures { get; } = ["OPTForCausalLM", "OPTModel"];

    public ModelConfig Config(ConfigJson json, WeightReader weights)
    {
        var (width, heads) = (json.Int("hidden_size"), json.Int("num_attention_heads"));
        var headWidth = Heads.Width(json, width, heads);
        var vocabulary = json.Int("vocab_size");
        var isBefore = json.Bool("do_layer_norm_before", true);
        return new ModelConfig
        {
            Family = ModelType,
            LayerCount = json.Layers("num_hidden_layers"),
            Width = width,
            HeadCount = heads,
            KeyValueHeadCount = heads,
            HeadWidth = headWidth,
            MlpWidth = json.Int("ffn_dim"),
            VocabularySize = vocabulary,
            OutputVocabularySize = vocabulary,
            ContextLength = json.Int("max_position_embeddings", 2048),
            Norm = NormKind.LayerNorm,
            HasNormWeights = json.Bool("layer_norm_elementwise_affine", true),
            NormPlacement = isBefore ? NormPlacement.Before : NormPlacement.AfterResidual,
            HasFinalNorm = isBefore && !json.Bool("_remove_final_layer_norm", false),
            Positions = PositionKind.Learned,
            AttentionScale = 1 / Math.Sqrt(headWidth),
            Activation = json.Activation("activation_function", "relu"),
            IsHeadTied = Heads.IsTied(json, weights, fallback: true),
        };
    }

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights)
    {
        weights.Prefix = weights.ChoosePrefix("embed_tokens.weight", "model.decoder.", "decoder.", "");
        var inner = json.Int("word_embed_proj_dim", config.Width);
        var hasBias = json.Bool("enable_bias", true);
        var embedding = weights.Take("embed_tokens.weight", config.VocabularySize, inner);
        var parameters = new TransformerParameters
        {
            Embedding = embedding,
            EmbeddingProjection = inner == config.Width ? null : weights.TakeTransposed("project_in.weight", config.Width, inner),
            UnembeddingProjection = inner == config.Width ? null : weights.TakeTransposed("project_out.weight", inner, config.Width),
            Positions = weights.Take("embed_positions.weight", config.ContextLength + FirstPosition, config.Width).narrow(0, FirstPosition, config.ContextLength),
            Blocks = [.. Enumerable.Range(0, config.LayerCount).Select(layer => WeightReader.Block(() => Block(config, weights, $"layers.{layer}", hasBias)))],
            FinalNorm = config.HasFinalNorm ? Norm(config, weights, "final_layer_norm") : NormParameters.None,
            Unembedding = embedding,
        };
        weights.Prefix = "";
        return parameters with { Unembedding = Heads.Unembedding(weights, embedding, config.IsHeadTied) };
    }

    private static BlockParameters Block(ModelConfig config, WeightReader weights, string name, bool hasBias)
    {
        var (width, all, mlp) = (config.Width, config.HeadCount * config.HeadWidth, config.MlpWidth);
        var attention = $"{name}.self_attn";
        return new BlockParameters
        {
            AttentionNorm = Norm(config, weights, $"{name}.self_attn_layer_norm"),
            QueryKeyValue = weights.TakeStacked([($"{attention}.q_proj.weight", all), ($"{attention}.k_proj.weight", all), ($"{attention}.v_proj.weight", all)], width).t(),
            QueryKeyValueBias = hasBias ? weights.TakeStacked([($"{attention}.q_proj.bias", all), ($"{attention}.k_proj.bias", all), ($"{attention}.v_proj.bias", all)]) : null,
            Output = weights.TakeTransposed($"{attention}.out_proj.weight", width, all),
            OutputBias = hasBias ? weights.Take($"{attention}.out_proj.bias", width) : null,
            MlpNorm = Norm(config, weights, $"{name}.final_layer_norm"),
            In = weights.TakeTransposed($"{name}.fc1.weight", mlp, width),
            InBias = hasBias ? weights.Take($"{name}.fc1.bias", mlp) : null,
            Out = weights.TakeTransposed($"{name}.fc2.weight", width, mlp),
            OutBias = hasBias ? weights.Take($"{name}.fc2.bias", width) : null,
        };
    }

    private static NormParameters Norm(ModelConfig config, WeightReader weights, string name) =>
        config.HasNormWeights ? weights.TakeNorm(name, config.Width, hasBias: true) : NormParameters.None;
}
