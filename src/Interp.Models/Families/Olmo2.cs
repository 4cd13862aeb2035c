using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>OLMo 2: norms on what attention and MLP add, none before; queries and keys normalised over all heads at once.</summary>
internal sealed class Olmo2 : IModelFamily
{
    public string ModelType => "olmo2";

    public IReadOnlyList<string> Architectures { get; } = ["Olmo2ForCausalLM", "Olmo2Model"];

    public ModelConfig Config(ConfigJson json, WeightReader weights) => LlamaLike.Config(ModelType, json, weights, defaultEpsilon: 1e-5) with
    {
        NormPlacement = NormPlacement.After,
        QueryKeyNorm = QueryKeyNorm.Whole,
        IsNormWeightPrecise = true,
    };

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights)
    {
        var bias = json.Bool("attention_bias", false);
        return new DecoderLayout
        {
            AttentionNorm = "",
            AttentionPostNorm = "post_attention_layernorm",
            MlpNorm = "",
            MlpPostNorm = "post_feedforward_layernorm",
            HasQueryBias = bias,
            HasOutputBias = bias,
            QueryKeyNorm = (reader, name, letter, heads) => reader.TakeNorm($"{name}.{letter}_norm", heads * config.HeadWidth, hasBias: false),
        }.Weights(config, weights);
    }
}
