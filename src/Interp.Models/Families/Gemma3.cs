using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>Gemma 3, text part: normalised queries and keys, five windowed layers to each global one, with a rotation of their own.</summary>
internal sealed class Gemma3 : IModelFamily
{
    public string ModelType => "gemma3_text";

    public IReadOnlyList<string> Architectures { get; } = ["Gemma3ForCausalLM", "Gemma3TextModel", "Gemma3ForConditionalGeneration"];

    public ModelConfig Config(ConfigJson json, WeightReader weights)
    {
        var config = Gemma2.WithPostNorms(Gemma.Common(LlamaLike.Config(ModelType, json, weights, isTied: true), json), json);
        var pattern = json.OptionalInt("sliding_window_pattern") ?? json.OptionalInt("_sliding_window_pattern") ?? 6;
        return config with
        {
            AttentionSoftcap = json.OptionalDouble("attn_logit_softcapping"),
            LogitSoftcap = json.OptionalDouble("final_logit_softcapping"),
            QueryKeyNorm = QueryKeyNorm.Head,
            Window = json.Int("sliding_window", 4096),
            WindowedLayers = LlamaLike.WindowedLayers(json, config.LayerCount, layer => (layer + 1) % pattern != 0),
            Rotary = RotaryJson.Read(json, config.HeadWidth, config.ContextLength, theta: 1e6, layerType: "full_attention"),
            WindowRotary = LocalRotary(json, config),
        };
    }

    /// <summary>The rotation of windowed layers: an entry of its own in <c>rope_parameters</c>, or <c>rope_local_base_freq</c>; never stretched by <c>rope_scaling</c>.</summary>
    private static RotarySettings LocalRotary(ConfigJson json, ModelConfig config)
    {
        var written = json.OptionalDouble("rope_local_base_freq");
        return json.Object("rope_parameters")?.Object("sliding_attention") is { } own
            ? RotaryJson.Nested(own, config.HeadWidth, config.ContextLength, written ?? 10_000)
            : new RotarySettings { Base = written ?? 10_000, Dimensions = config.HeadWidth };
    }

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights) => (Gemma2.Layout(json) with
    {
        QueryKeyNorm = (reader, name, letter, _) => reader.TakeOffsetNorm($"{name}.{letter}_norm", config.HeadWidth),
    }).Weights(config, weights);
}
