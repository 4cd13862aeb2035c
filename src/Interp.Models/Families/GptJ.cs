using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>GPT-J: one LayerNorm for attention and MLP side by side, neighbouring dimensions rotated, a head with a bias.</summary>
internal sealed class GptJ : IModelFamily
{
    public string ModelType => "gptj";

    public IReadOnlyList<string> Architectures { get; } = ["GPTJForCausalLM", "GPTJModel"];

    public ModelConfig Config(ConfigJson json, WeightReader weights)
    {
        var (width, heads) = (json.Int("n_embd"), json.Int("n_head"));
        var headWidth = Heads.Width(json, width, heads);
        var vocabulary = json.Int("vocab_size");
        return new ModelConfig
        {
            Family = ModelType,
            LayerCount = json.Layers("n_layer"),
            Width = width,
            HeadCount = heads,
            KeyValueHeadCount = heads,
            HeadWidth = headWidth,
            MlpWidth = json.Int("n_inner", 4 * width),
            VocabularySize = vocabulary,
            OutputVocabularySize = vocabulary,
            ContextLength = json.Int("n_positions", 2048),
            Norm = NormKind.LayerNorm,
            NormEpsilon = json.Double("layer_norm_epsilon", 1e-5),
            Positions = PositionKind.Rotary,
            Rotary = new RotarySettings { Dimensions = json.Int("rotary_dim", headWidth), HasAdjacentPairs = true },
            AttentionScale = 1 / Math.Sqrt(headWidth),
            Activation = json.Activation("activation_function", "gelu_new"),
            IsParallel = true,
            IsHeadTied = Heads.IsTied(json, weights, fallback: false),
        };
    }

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights)
    {
        weights.Skip(name => name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal)
            || name.EndsWith(".attn.embed_positions", StringComparison.Ordinal));
        weights.Prefix = weights.ChoosePrefix("wte.weight", "transformer.", "");
        var embedding = weights.Take("wte.weight", config.VocabularySize, config.Width);
        var blocks = Enumerable.Range(0, config.LayerCount).Select(layer => WeightReader.Block(() => Block(config, weights, $"h.{layer}"))).ToList();
        var final = weights.TakeNorm("ln_f", config.Width, hasBias: true);
        weights.Prefix = "";
        return new TransformerParameters
        {
            Embedding = embedding,
            Blocks = blocks,
            FinalNorm = final,
            Unembedding = Heads.Unembedding(weights, embedding, config.IsHeadTied),
            UnembeddingBias = weights.TakeOptional("lm_head.bias", config.OutputVocabularySize),
        };
    }

    private static BlockParameters Block(ModelConfig config, WeightReader weights, string name)
    {
        var (width, all) = (config.Width, config.HeadCount * config.HeadWidth);
        var norm = weights.TakeNorm($"{name}.ln_1", width, hasBias: true);
        return new BlockParameters
        {
            AttentionNorm = norm,
            MlpNorm = new NormParameters(norm.Weight!.alias(), norm.Bias!.alias()),
            QueryKeyValue = weights.TakeStacked([($"{name}.attn.q_proj.weight", all), ($"{name}.attn.k_proj.weight", all), ($"{name}.attn.v_proj.weight", all)], width).t(),
            Output = weights.TakeTransposed($"{name}.attn.out_proj.weight", width, all),
            In = weights.TakeTransposed($"{name}.mlp.fc_in.weight", config.MlpWidth, width),
            InBias = weights.Take($"{name}.mlp.fc_in.bias", config.MlpWidth),
            Out = weights.TakeTransposed($"{name}.mlp.fc_out.weight", width, config.MlpWidth),
            OutBias = weights.Take($"{name}.mlp.fc_out.bias", width),
        };
    }
}
