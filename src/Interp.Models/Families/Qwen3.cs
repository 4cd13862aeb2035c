using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>Qwen 3: Llama with each head's queries and keys normalised.</summary>
internal sealed class Qwen3 : IModelFamily
{
    public string ModelType => "qwen3";

    public IReadOnlyList<string> Architectures { get; } = ["Qwen3ForCausalLM", "Qwen3Model"];

    public ModelConfig Config(ConfigJson json, WeightReader weights) =>
        Qwen2.Windowed(LlamaLike.Config(ModelType, json, weights), json) with { QueryKeyNorm = QueryKeyNorm.Head };

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights)
    {
        var bias = json.Bool("attention_bias", false);
        return new DecoderLayout
        {
            HasQueryBias = bias,
            HasOutputBias = bias,
            QueryKeyNorm = (reader, name, letter, _) => reader.TakeNorm($"{name}.{letter}_norm", config.HeadWidth, hasBias: false),
        }.Weights(config, weights);
    }
}
