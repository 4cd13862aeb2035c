using Interp.Models.Checkpoints;
using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>Phi 1 to 2: one LayerNorm for attention and MLP side by side, biases everywhere, the head's included.</summary>
internal sealed class Phi : IModelFamily
{
    public string ModelType => "phi";

    public IReadOnlyList<string> Architectures { get; } = ["PhiForCausalLM", "PhiModel"];

    public ModelConfig Config(ConfigJson json, WeightReader weights)
    {
        if (weights.Has("transformer.h.0.mixer.Wqkv.weight") || weights.Has("layers.0.mixer.Wqkv.weight"))
        {
            throw new CheckpointException($"{json.Path}: these weights have the names of Phi's first release (mixer.Wqkv), which is not supported: use the checkpoint that transformers loads without remote code");
        }

        return LlamaLike.Config(ModelType, json, weights, partial: 0.5, epsilon: "layer_norm_eps", defaultEpsilon: 1e-5) with
        {
            Norm = NormKind.LayerNorm,
            IsParallel = true,
            IsGated = false,
            Activation = json.Activation("hidden_act", "gelu_new"),
            QueryKeyNorm = json.Bool("qk_layernorm", false) ? QueryKeyNorm.Head : QueryKeyNorm.None,
        };
    }

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights) => new DecoderLayout
    {
        FinalNorm = "final_layernorm",
        MlpNorm = "input_layernorm",
        HasNormBias = true,
        HasQueryBias = true,
        HasOutputBias = true,
        HasMlpBias = true,
        HasHeadBias = true,
        Output = "dense",
        QueryKeyNorm = config.QueryKeyNorm == QueryKeyNorm.None ? null : (reader, name, letter, _) => reader.TakeNorm($"{name}.{letter}_layernorm", config.HeadWidth, hasBias: true),
    }.Weights(config, weights);
}
