using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>Llama 1 to 3: RMSNorm, rotary positions, grouped queries, SwiGLU.</summary>
internal sealed class Llama : IModelFamily
{
    public string ModelType => "llama";

    public IReadOnlyList<string> Architectures { get; } = ["LlamaForCausalLM", "LlamaModel"];

    public ModelConfig Config(ConfigJson json, WeightReader weights) => LlamaLike.Config(ModelType, json, weights);

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights)
    {
        var (attention, mlp) = (json.Bool("attention_bias", false), json.Bool("mlp_bias", false));
        return new DecoderLayout { HasQueryBias = attention, HasOutputBias = attention, HasMlpBias = mlp }.Weights(config, weights);
    }
}
