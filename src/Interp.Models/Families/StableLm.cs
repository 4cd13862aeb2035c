using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>StableLM: LayerNorm, a rotation of part of each head, attention and MLP side by side in some.</summary>
internal sealed class StableLm : IModelFamily
{
    public string ModelType => "stablelm";

    public IReadOnlyList<string> Architectures { get; } = ["StableLmForCausalLM", "StableLmModel"];

    public ModelConfig Config(ConfigJson json, WeightReader weights) =>
        LlamaLike.Config(ModelType, json, weights, partial: 0.25, epsilon: "layer_norm_eps", defaultEpsilon: 1e-5) with
        {
            Norm = NormKind.LayerNorm,
            IsParallel = json.Bool("use_parallel_residual", false),
            QueryKeyNorm = json.Bool("qk_layernorm", false) ? QueryKeyNorm.Head : QueryKeyNorm.None,
        };

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights) => new DecoderLayout
    {
        HasNormBias = true,
        HasQueryBias = json.Bool("use_qkv_bias", false),
        MlpNorm = config.IsParallel ? "input_layernorm" : "post_attention_layernorm",
        QueryKeyNorm = config.QueryKeyNorm == QueryKeyNorm.None ? null : (reader, name, letter, heads) => PerHead(config, reader, $"{name}.{letter}_layernorm", heads),
    }.Weights(config, weights);

    /// <summary>A weight of its own for each head, no bias: [H, d_head].</summary>
    private static NormParameters PerHead(ModelConfig config, WeightReader weights, string name, int heads) =>
        new(weights.TakeStack([.. Enumerable.Range(0, heads).Select(head => $"{name}.norms.{head}.weight")], config.HeadWidth), null);
}
