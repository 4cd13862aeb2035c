using Interp.Models.Transformer;

namespace Interp.Models.Families;

/// <summary>Gemma 2: norms before and after, capped scores and logits, a window on even layers.</summary>
internal sealed class Gemma2 : IModelFamily
{
    public string ModelType => "gemma2";

    public IReadOnlyList<string> Architectures { get; } = ["Gemma2ForCausalLM", "Gemma2Model"];

    public ModelConfig Config(ConfigJson json, WeightReader weights) =>
        WithPostNorms(Gemma.Common(LlamaLike.Config(ModelType, json, weights, isTied: true), json), json) with
        {
            AttentionSoftcap = LlamaLike.Optional(json, "attn_logit_softcapping", unwritten: 50),
            LogitSoftcap = LlamaLike.Optional(json, "final_logit_softcapping", unwritten: 30),
            Window = json.Int("sliding_window", 4096),
            WindowedLayers = LlamaLike.WindowedLayers(json, json.Layers("num_hidden_layers"), layer => layer % 2 == 0),
        };

    public TransformerParameters Weights(ModelConfig config, ConfigJson json, WeightReader weights) => Layout(json).Weights(config, weights);

    /// <summary>What Gemma 2 and 3 have in common beyond Gemma.</summary>
    internal static ModelConfig WithPostNorms(ModelConfig config, ConfigJson json) => config with
    {
        NormPlacement = NormPlacement.BeforeAndAfter,
        AttentionScale = 1 / Math.Sqrt(json.Double("query_pre_attn_scalar", 256)),
    };

    internal static DecoderLayout Layout(ConfigJson json) => Gemma.Layout(json) with
    {
        AttentionPostNorm = "post_attention_layernorm",
        MlpNorm = "pre_feedforward_layernorm",
        MlpPostNorm = "post_feedforward_layernorm",
    };
}
