using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>StarCoder 2: LayerNorm, biases everywhere, a plain MLP, a window.</summary>
internal sealed class Starcoder2 : IModelFamily
{
    public string ModelType => "starcoder2";

    public IReadOnlyList<string> Architectures { get; } = ["Starcoder2ForCausalLM", "Starcoder2Model"];

    public ModelConfig Config(ConfigJson json, WeightReader weights) =>
        LlamaLike.Config(ModelType, json, weights, isTied: true, epsilon: "norm_epsilon", defaultEpsilon: 1e-5) with
        {
            Norm = NormKind.LayerNorm,
            IsGated = false,
            Activation = json.Activation("hidden_act", "gelu_pytorch_tanh"),
            Window = json.OptionalInt("sliding_window"),
        };

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights)
    {
        var bias = json.Bool("use_bias", true);
        return new DecoderLayout { HasNormBias = true, HasQueryBias = bias, HasOutputBias = bias, HasMlpBias = bias, Plain = ("c_fc", "c_proj") }.Weights(config, weights);
    }
}
