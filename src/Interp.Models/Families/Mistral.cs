using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>Mistral: Llama with a sliding window on all layers where one is given.</summary>
internal sealed class Mistral : IModelFamily
{
    public string ModelType => "mistral";

    public IReadOnlyList<string> Architectures { get; } = ["MistralForCausalLM", "MistralModel"];

    public ModelConfig Config(ConfigJson json, WeightReader weights) =>
        LlamaLike.Config(ModelType, json, weights) with { Window = LlamaLike.Window(json, unwritten: 4096) };

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights) => new DecoderLayout().Weights(config, weights);
}
