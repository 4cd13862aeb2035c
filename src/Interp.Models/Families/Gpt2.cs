using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>GPT-2. Its Conv1D matrices are stored [in, out], unlike everybody else's.</summary>
internal sealed class Gpt2 : IModelFamily
{
    public string ModelType => "gpt2";

    public IReadOnlyList<string> Architectures { get; } = ["GPT2LMHeadModel", "GPT2Model"];

    public ModelConfig Config(ConfigJson json, WeightReader weights)
    {
        json.Refuse("add_cross_attention", "and models with cross-attention are not supported");
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
            ContextLength = json.OptionalInt("n_positions") ?? json.Int("n_ctx"),
            Norm = NormKind.LayerNorm,
            NormEpsilon = json.Double("layer_norm_epsilon", 1e-5),
            Positions = PositionKind.Learned,
            AttentionScale = json.Bool("scale_attn_weights", true) ? 1 / Math.Sqrt(headWidth) : 1,
            IsAttentionScaledByLayer = json.Bool("scale_attn_by_inverse_layer_idx", false),
            Activation = json.Activation("activation_function", "gelu_new"),
            IsHeadTied = Heads.IsTied(json, weights, fallback: true),
        };
    }

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights)
    {
        weights.Skip(name => name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal));
        var prefix = weights.ChoosePrefix("wte.weight", "transformer.", "");
        weights.Prefix = prefix;
        var embedding = weights.Take("wte.weight", config.VocabularySize, config.Width);
        var positions = weights.Take("wpe.weight", config.ContextLength, config.Width);
        var blocks = Enumerable.Range(0, config.LayerCount).Select(layer => WeightReader.Block(() => Block(config, weights, $"h.{layer}"))).ToList();
        var final = weights.TakeNorm("ln_f", config.Width, hasBias: true);
        weights.Prefix = "";
        return new TransformerParameters
        {
            Embedding = embedding,
            Positions = positions,
            Blocks = blocks,
            FinalNorm = final,
            Unembedding = Heads.Unembedding(weights, embedding, config.IsHeadTied),
        };
    }

    private static BlockParameters Block(ModelConfig config, WeightReader weights, string name)
    {
        var (width, all, mlp) = (config.Width, config.HeadCount * config.HeadWidth, config.MlpWidth);
        return new BlockParameters
        {
            AttentionNorm = weights.TakeNorm($"{name}.ln_1", width, hasBias: true),
            QueryKeyValue = weights.Take($"{name}.attn.c_attn.weight", width, 3 * all),
            QueryKeyValueBias = weights.Take($"{name}.attn.c_attn.bias", 3 * all),
            Output = weights.Take($"{name}.attn.c_proj.weight", all, width),
            OutputBias = weights.Take($"{name}.attn.c_proj.bias", width),
            MlpNorm = weights.TakeNorm($"{name}.ln_2", width, hasBias: true),
            In = weights.Take($"{name}.mlp.c_fc.weight", width, mlp),
            InBias = weights.Take($"{name}.mlp.c_fc.bias", mlp),
            Out = weights.Take($"{name}.mlp.c_proj.weight", mlp, width),
            OutBias = weights.Take($"{name}.mlp.c_proj.bias", width),
        };
    }
}
