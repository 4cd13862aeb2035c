using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>Granite: Llama with four multipliers; logits are divided.</summary>
internal sealed class Granite : IModelFamily
{
    public string ModelType => "granite";

    public IReadOnlyList<string> Architectures { get; } = ["GraniteForCausalLM", "GraniteModel"];

    public ModelConfig Config(ConfigJson json, WeightReader weights) => LlamaLike.Config(ModelType, json, weights) with
    {
        EmbeddingScale = json.Double("embedding_multiplier", 1),
        ResidualScale = json.Double("residual_multiplier", 1),
        AttentionScale = json.Double("attention_multiplier", 1),
        LogitDivisor = json.Double("logits_scaling", 1),
    };

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights)
    {
        var (attention, mlp) = (json.Bool("attention_bias", false), json.Bool("mlp_bias", false));
        return new DecoderLayout { HasQueryBias = attention, HasOutputBias = attention, HasMlpBias = mlp }.Weights(config, weights);
    }
}
