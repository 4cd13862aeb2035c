using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>Llama 1 to 3: RMSNorm, rotary positions, grouped queries, SwiGLU.</summary>
internal sealed class Llama : IModelFamily
{
    public string ModelType => "llama";

    public IReadOnlyList<string> Architectures { get; } = ["LlamaForCausalLM", "LlamaModel"];

    public ModelConfig Config(ConfigJson json, WeightReader weights)
    {
        var (width, heads) = (json.Int("hidden_size"), json.Int("num_attention_heads"));
        var headWidth = Heads.Width(json, width, heads);
        var (vocabulary, context) = (json.Int("vocab_size"), json.Int("max_position_embeddings", 2048));
        return new ModelConfig
        {
            Family = ModelType,
            LayerCount = json.Int("num_hidden_layers"),
            Width = width,
            HeadCount = heads,
            KeyValueHeadCount = Heads.KeyValue(json, "num_key_value_heads", heads),
            HeadWidth = headWidth,
            MlpWidth = json.Int("intermediate_size"),
            VocabularySize = vocabulary,
            OutputVocabularySize = vocabulary,
            ContextLength = context,
            Norm = NormKind.RootMeanSquare,
            NormEpsilon = json.Double("rms_norm_eps", 1e-6),
            Positions = PositionKind.Rotary,
            Rotary = RotaryJson.Read(json, headWidth, context),
            AttentionScale = 1 / Math.Sqrt(headWidth),
            Activation = json.Activation("hidden_act", "silu"),
            IsGated = true,
            IsHeadTied = Heads.IsTied(json, weights, fallback: false),
        };
    }

    public TransformerParameters Weights(ModelConfig config, WeightReader weights)
    {
        weights.Skip(name => name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal));
        weights.Prefix = weights.ChoosePrefix("embed_tokens.weight", "model.", "");
        var embedding = weights.Take("embed_tokens.weight", config.VocabularySize, config.Width);
        var blocks = Enumerable.Range(0, config.LayerCount).Select(layer => WeightReader.Block(() => Block(config, weights, $"layers.{layer}"))).ToList();
        var final = weights.TakeNorm("norm", config.Width, hasBias: false);
        weights.Prefix = "";
        return new TransformerParameters
        {
            Embedding = embedding,
            Blocks = blocks,
            FinalNorm = final,
            Unembedding = Heads.Unembedding(weights, embedding, config.IsHeadTied),
        };
    }

    private static BlockParameters Block(ModelConfig config, WeightReader weights, string name)
    {
        var (width, mlp) = (config.Width, config.MlpWidth);
        var (queries, keys) = (config.HeadCount * config.HeadWidth, config.KeyValueHeadCount * config.HeadWidth);
        (string Name, int Rows)[] parts = [("q_proj", queries), ("k_proj", keys), ("v_proj", keys)];
        var hasBias = weights.Has($"{name}.self_attn.q_proj.bias");
        return new BlockParameters
        {
            AttentionNorm = weights.TakeNorm($"{name}.input_layernorm", width, hasBias: false),
            QueryKeyValue = cat([.. parts.Select(part => weights.Take($"{name}.self_attn.{part.Name}.weight", part.Rows, width))], 0).t(),
            QueryKeyValueBias = hasBias ? cat([.. parts.Select(part => weights.Take($"{name}.self_attn.{part.Name}.bias", part.Rows))], 0) : null,
            Output = weights.TakeTransposed($"{name}.self_attn.o_proj.weight", width, queries),
            OutputBias = weights.TakeOptional($"{name}.self_attn.o_proj.bias", width),
            MlpNorm = weights.TakeNorm($"{name}.post_attention_layernorm", width, hasBias: false),
            Gate = weights.TakeTransposed($"{name}.mlp.gate_proj.weight", mlp, width),
            GateBias = weights.TakeOptional($"{name}.mlp.gate_proj.bias", mlp),
            In = weights.TakeTransposed($"{name}.mlp.up_proj.weight", mlp, width),
            InBias = weights.TakeOptional($"{name}.mlp.up_proj.bias", mlp),
            Out = weights.TakeTransposed($"{name}.mlp.down_proj.weight", width, mlp),
            OutBias = weights.TakeOptional($"{name}.mlp.down_proj.bias", width),
        };
    }
}
