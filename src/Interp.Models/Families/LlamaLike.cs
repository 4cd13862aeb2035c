using Interp.Models.Checkpoints;
using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>The configuration keys that the families after Llama share; a family changes what it does otherwise.</summary>
internal static class LlamaLike
{
    /// <summary>RMSNorm, rotary positions, grouped queries, a SiLU-gated MLP.</summary>
    public static ModelConfig Config(string family, ConfigJson json, WeightReader weights, bool isTied = false, double theta = 10_000, double partial = 1, string epsilon = "rms_norm_eps", double defaultEpsilon = 1e-6)
    {
        var (width, heads) = (json.Int("hidden_size"), json.Int("num_attention_heads"));
        var headWidth = Heads.Width(json, width, heads);
        var (vocabulary, context) = (json.Int("vocab_size"), json.Int("max_position_embeddings", 2048));
        return new ModelConfig
        {
            Family = family,
            LayerCount = json.Layers("num_hidden_layers"),
            Width = width,
            HeadCount = heads,
            KeyValueHeadCount = Heads.KeyValue(json, "num_key_value_heads", heads),
            HeadWidth = headWidth,
            MlpWidth = json.Int("intermediate_size"),
            VocabularySize = vocabulary,
            OutputVocabularySize = vocabulary,
            ContextLength = context,
            Norm = NormKind.RootMeanSquare,
            NormEpsilon = json.Double(epsilon, defaultEpsilon),
            Positions = PositionKind.Rotary,
            Rotary = family == "gemma3_text" ? null : RotaryJson.Read(json, headWidth, context, theta, partial),
            AttentionScale = 1 / Math.Sqrt(headWidth),
            Activation = family.StartsWith("gemma", StringComparison.Ordinal) ? ActivationFunction.GeluTanh : json.Activation("hidden_act", "silu"),
            IsGated = true,
            IsHeadTied = Heads.IsTied(json, weights, isTied),
        };
    }

    /// <summary>The window: null switches it off, a key that is not written leaves the family's own default.</summary>
    public static int? Window(ConfigJson json, int? unwritten) => json.Writes("sliding_window") ? json.OptionalInt("sliding_window") : unwritten;

    /// <summary>A number that null switches off and that has a default where the key is not written.</summary>
    public static double? Optional(ConfigJson json, string key, double? unwritten) => json.Writes(key) ? json.OptionalDouble(key) : unwritten;

    /// <summary>The layers whose attention is windowed, where <c>layer_types</c> says; else the family's own rule.</summary>
    public static IReadOnlyList<int> WindowedLayers(ConfigJson json, int layers, Func<int, bool> rule)
    {
        var types = json.Texts("layer_types");
        if (types.Count > 0 && types.Count != layers)
        {
            throw new CheckpointException($"{json.Path}: layer_types has {types.Count} entries for {layers} layers");
        }

        return [.. Enumerable.Range(0, layers).Where(layer => types.Count == 0 ? rule(layer) : types[layer] switch
        {
            "sliding_attention" => true,
            "full_attention" => false,
            var other => throw new CheckpointException($"{json.Path}: the layer type {other} is unknown: known are sliding_attention and full_attention"),
        })];
    }
}
