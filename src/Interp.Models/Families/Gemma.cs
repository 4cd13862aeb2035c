using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>Gemma: norms stored as their distance from one, a scaled embedding, a GELU gate whatever <c>hidden_act</c> says.</summary>
internal sealed class Gemma : IModelFamily
{
    public string ModelType => "gemma";

    public IReadOnlyList<string> Architectures { get; } = ["GemmaForCausalLM", "GemmaModel"];

    public ModelConfig Config(ConfigJson json, WeightReader weights) => Common(LlamaLike.Config(ModelType, json, weights, isTied: true), json);

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights) => Layout(json).Weights(config, weights);

    /// <summary>What all Gemmas do.</summary>
    internal static ModelConfig Common(ModelConfig config, ConfigJson json)
    {
        json.Refuse("use_bidirectional_attention", "which is not supported");

        // hidden_act says "gelu" in files of models that were trained with the tanh form; hidden_activation is to be believed.
        var fallback = json.Text("hidden_act") is { } written && written != "gelu" ? written : "gelu_pytorch_tanh";
        return config with
        {
            Activation = json.Activation("hidden_activation", fallback),
            EmbeddingScale = Math.Sqrt(config.Width),
            IsNormWeightPrecise = true,
        };
    }

    internal static DecoderLayout Layout(ConfigJson json)
    {
        var bias = json.Bool("attention_bias", false);
        return new DecoderLayout { IsNormOffset = true, HasQueryBias = bias, HasOutputBias = bias };
    }
}
