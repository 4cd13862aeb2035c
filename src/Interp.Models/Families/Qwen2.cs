using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>Qwen 2 and 2.5: Llama with biases on queries, keys and values, always; a window on late layers where it is switched on.</summary>
internal sealed class Qwen2 : IModelFamily
{
    public string ModelType => "qwen2";

    public IReadOnlyList<string> Architectures { get; } = ["Qwen2ForCausalLM", "Qwen2Model"];

    public ModelConfig Config(ConfigJson json, WeightReader weights) => Windowed(LlamaLike.Config(ModelType, json, weights), json);

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights) =>
        new DecoderLayout { HasQueryBias = true }.Weights(config, weights);

    /// <summary>The window of Qwen models: only if switched on, and only from a layer on.</summary>
    internal static ModelConfig Windowed(ModelConfig config, ConfigJson json)
    {
        var first = json.OptionalInt("max_window_layers") ?? 28;
        var window = LlamaLike.Window(json, unwritten: 4096);
        var isOn = json.Bool("use_sliding_window", false);
        var layers = LlamaLike.WindowedLayers(json, config.LayerCount, layer => layer >= first);
        return isOn && window is not null ? config with { Window = window, WindowedLayers = layers } : config;
    }
}
