using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>Phi 3 and 4: Llama with fused matrices, longrope, a rotation of part of the head in some.</summary>
internal sealed class Phi3 : IModelFamily
{
    public string ModelType => "phi3";

    public IReadOnlyList<string> Architectures { get; } = ["Phi3ForCausalLM", "Phi3Model"];

    public ModelConfig Config(ConfigJson json, WeightReader weights) =>
        LlamaLike.Config(ModelType, json, weights, defaultEpsilon: 1e-5) with { Window = json.OptionalInt("sliding_window") };

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights) =>
        new DecoderLayout { IsQueryKeyValueFused = true, IsGateFused = true }.Weights(config, weights);
}
