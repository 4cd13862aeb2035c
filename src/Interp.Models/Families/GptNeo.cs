using System.Text.Json;
using Interp.Models.Checkpoints;
using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>GPT-Neo: GPT-2 with unscaled scores and a window on the layers called local.</summary>
internal sealed class GptNeo : IModelFamily
{
    public string ModelType => "gpt_neo";

    public IReadOnlyList<string> Architectures { get; } = ["GPTNeoForCausalLM", "GPTNeoModel"];

    public ModelConfig Config(ConfigJson json, WeightReader weights)
    {
        var (width, heads, layers) = (json.Int("hidden_size"), json.Int("num_heads"), json.Layers("num_layers"));
        var vocabulary = json.Int("vocab_size");
        var kinds = Kinds(json);
        if (kinds.Count != layers)
        {
            throw new CheckpointException($"{json.Path}: attention_layers has {kinds.Count} entries for {layers} layers");
        }

        return new ModelConfig
        {
            Family = ModelType,
            LayerCount = layers,
            Width = width,
            HeadCount = heads,
            KeyValueHeadCount = heads,
            HeadWidth = Heads.Width(json, width, heads),
            MlpWidth = json.Int("intermediate_size", 4 * width),
            VocabularySize = vocabulary,
            OutputVocabularySize = vocabulary,
            ContextLength = json.Int("max_position_embeddings", 2048),
            Norm = NormKind.LayerNorm,
            NormEpsilon = json.Double("layer_norm_epsilon", 1e-5),
            Positions = PositionKind.Learned,
            AttentionScale = 1,
            Window = json.Int("window_size", 256),
            WindowedLayers = [.. Enumerable.Range(0, layers).Where(layer => kinds[layer] == "local")],
            Activation = json.Activation("activation_function", "gelu_new"),
            IsHeadTied = Heads.IsTied(json, weights, fallback: true),
        };
    }

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights)
    {
        weights.Skip(name => name.EndsWith(".attn.attention.bias", StringComparison.Ordinal) || name.EndsWith(".attn.attention.masked_bias", StringComparison.Ordinal));
        weights.Prefix = weights.ChoosePrefix("wte.weight", "transformer.", "");
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
        var (width, all) = (config.Width, config.HeadCount * config.HeadWidth);
        var attention = $"{name}.attn.attention";
        return new BlockParameters
        {
            AttentionNorm = weights.TakeNorm($"{name}.ln_1", width, hasBias: true),
            QueryKeyValue = weights.TakeStacked([($"{attention}.q_proj.weight", all), ($"{attention}.k_proj.weight", all), ($"{attention}.v_proj.weight", all)], width).t(),
            Output = weights.TakeTransposed($"{attention}.out_proj.weight", width, all),
            OutputBias = weights.Take($"{attention}.out_proj.bias", width),
            MlpNorm = weights.TakeNorm($"{name}.ln_2", width, hasBias: true),
            In = weights.TakeTransposed($"{name}.mlp.c_fc.weight", config.MlpWidth, width),
            InBias = weights.Take($"{name}.mlp.c_fc.bias", config.MlpWidth),
            Out = weights.TakeTransposed($"{name}.mlp.c_proj.weight", width, config.MlpWidth),
            OutBias = weights.Take($"{name}.mlp.c_proj.bias", width),
        };
    }

    /// <summary>"global" or "local" for each layer: <c>attention_layers</c>, or <c>attention_types</c> written out.</summary>
    private static IReadOnlyList<string> Kinds(ConfigJson json)
    {
        var given = json.Texts("attention_layers");
        var kinds = given.Count > 0 ? given : Expand(json);
        return kinds.FirstOrDefault(kind => kind is not ("global" or "local")) is { } unknown
            ? throw new CheckpointException($"{json.Path}: the attention type {unknown} is unknown: known are global and local")
            : kinds;
    }

    // [[["global", "local"], 12]]: the list twelve times over.
    private static List<string> Expand(ConfigJson json)
    {
        try
        {
            return json.Element("attention_types") is not { } types ? throw json.Missing("attention_layers")
                : [.. types.EnumerateArray().SelectMany(group => Enumerable.Repeat(group[0].EnumerateArray().Select(kind => kind.GetString()!).ToList(), Math.Min(group[1].GetInt32(), 1000)).SelectMany(kinds => kinds))];
        }
        catch (Exception e) when (e is InvalidOperationException or IndexOutOfRangeException or FormatException)
        {
            throw new CheckpointException($"{json.Path}: attention_types is not a list of [[kinds], times]", e);
        }
    }
}
