using Interp.Models.Checkpoints;
using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>SmolLM3: Llama with no rotation on every fourth layer.</summary>
internal sealed class Smollm3 : IModelFamily
{
    public string ModelType => "smollm3";

    public IReadOnlyList<string> Architectures { get; } = ["SmolLM3ForCausalLM", "SmolLM3Model"];

    public ModelConfig Config(ConfigJson json, WeightReader weights)
    {
        var config = LlamaLike.Config(ModelType, json, weights, isTied: true, theta: 2e6);
        var isRotated = json.Numbers("no_rope_layers"); // 1 where the layer is rotated, for all its name
        var interval = json.Int("no_rope_layer_interval", 4);
        if (isRotated.Count > 0 && isRotated.Count != config.LayerCount)
        {
            throw new CheckpointException($"{json.Path}: no_rope_layers has {isRotated.Count} entries for {config.LayerCount} layers");
        }

        HashSet<int> unrotated = [.. Enumerable.Range(0, config.LayerCount).Where(layer => isRotated.Count > 0 ? isRotated[layer] == 0 : (layer + 1) % interval == 0)];

        // A window, where one is switched on, is that of the layers without a rotation.
        var window = json.OptionalInt("sliding_window");
        var windowed = LlamaLike.WindowedLayers(json, config.LayerCount, unrotated.Contains);
        return config with
        {
            UnrotatedLayers = [.. unrotated.Order()],
            Window = json.Bool("use_sliding_window", false) ? window : null,
            WindowedLayers = windowed,
        };
    }

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights)
    {
        var (attention, mlp) = (json.Bool("attention_bias", false), json.Bool("mlp_bias", false));
        return new DecoderLayout { HasQueryBias = attention, HasOutputBias = attention, HasMlpBias = mlp }.Weights(config, weights);
    }
}
