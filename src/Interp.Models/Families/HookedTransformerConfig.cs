using System.Text.Json;
using System.Text.Json.Nodes;
using Interp.Compute;
using Interp.Models.Checkpoints;
using Interp.Models.Transformer;
using TorchSharp;

namespace Interp.Models.Families;

/// <summary>TransformerLens's configuration keys, with its defaults, to ours and back.</summary>
internal static class HookedTransformerConfig
{
    public static ModelConfig Read(ConfigJson json)
    {
        foreach (var key in (string[])["use_local_attn", "post_embedding_ln", "use_qk_norm", "num_experts", "attn_scores_soft_cap", "output_logits_soft_cap", "use_normalization_before_and_after", "use_NTK_by_parts_rope"])
        {
            json.Refuse(key, "which toy transformers do not support");
        }

        var width = json.Int("d_model");
        var headWidth = json.OptionalInt("d_head") ?? Heads.Width(json, width, json.Int("n_heads"));
        var heads = json.OptionalInt("n_heads") ?? width / headWidth;
        var (norm, hasWeights) = Norm(json);
        var positions = Positions(json);
        var attentionOnly = json.Bool("attn_only", false);
        var activation = attentionOnly ? ActivationFunction.Relu : json.Activation("act_fn");
        var vocabulary = json.Int("d_vocab");
        var scale = json.OptionalDouble("attn_scale") is { } given && given > 0 ? given : Math.Sqrt(headWidth);
        return new ModelConfig
        {
            Family = HookedTransformer.Type,
            LayerCount = json.Layers("n_layers"),
            Width = width,
            HeadCount = heads,
            KeyValueHeadCount = Heads.KeyValue(json, "n_key_value_heads", heads),
            HeadWidth = headWidth,
            MlpWidth = attentionOnly ? 0 : json.Int("d_mlp", 4 * width),
            VocabularySize = vocabulary,
            OutputVocabularySize = json.OptionalDouble("d_vocab_out") is > 0 and var output ? (int)output : vocabulary,
            ContextLength = json.Int("n_ctx"),
            Norm = norm,
            HasNormWeights = hasWeights,
            NormEpsilon = json.Double("eps", 1e-5),
            Positions = positions,
            Rotary = positions != PositionKind.Rotary ? null : new RotarySettings
            {
                Base = json.Double("rotary_base", 10_000),
                Dimensions = json.Int("rotary_dim", headWidth),
                HasAdjacentPairs = json.Bool("rotary_adjacent_pairs", false),
            },
            Direction = Direction(json),
            AttentionScale = json.Bool("use_attn_scale", true) ? 1 / scale : 1,
            IsAttentionScaledByLayer = json.Bool("scale_attn_by_inverse_layer_idx", false),
            Activation = activation,
            HasMlpNorm = activation == ActivationFunction.Solu && !attentionOnly,
            IsGated = json.Bool("gated_mlp", false),
            IsParallel = json.Bool("parallel_attn_mlp", false),
        };
    }

    /// <summary>The configuration file of a model of this family.</summary>
    /// <exception cref="InterpException">The model has switches that the toy family lacks.</exception>
    public static string Write(ModelConfig config, torch.ScalarType dtype)
    {
        if (config.Rotary is { Scaling: not RotaryScaling.None })
        {
            throw new InterpException("stretched rotary frequencies cannot be written as a toy transformer");
        }

        var json = new JsonObject
        {
            ["model_type"] = HookedTransformer.Type,
            ["n_layers"] = config.LayerCount,
            ["d_model"] = config.Width,
            ["n_ctx"] = config.ContextLength,
            ["d_head"] = config.HeadWidth,
            ["n_heads"] = config.HeadCount,
            ["n_key_value_heads"] = config.KeyValueHeadCount,
            ["d_mlp"] = config.IsAttentionOnly ? null : config.MlpWidth,
            ["d_vocab"] = config.VocabularySize,
            ["d_vocab_out"] = config.OutputVocabularySize,
            ["act_fn"] = config.IsAttentionOnly ? null : ActivationName(config.Activation),
            ["normalization_type"] = NormName(config),
            ["eps"] = config.NormEpsilon,
            ["attn_only"] = config.IsAttentionOnly,
            ["attention_dir"] = config.Direction == AttentionDirection.Causal ? "causal" : "bidirectional",
            ["positional_embedding_type"] = config.Positions switch
            {
                PositionKind.Learned => "standard",
                PositionKind.Shortformer => "shortformer",
                PositionKind.Rotary => "rotary",
                _ => "none",
            },
            ["attn_scale"] = 1 / config.AttentionScale,
            ["scale_attn_by_inverse_layer_idx"] = config.IsAttentionScaledByLayer,
            ["gated_mlp"] = config.IsGated,
            ["parallel_attn_mlp"] = config.IsParallel,
            ["dtype"] = dtype.ToString().ToLowerInvariant(),
        };
        if (config.Rotary is { } rotary)
        {
            json["rotary_base"] = rotary.Base;
            json["rotary_dim"] = rotary.Dimensions;
            json["rotary_adjacent_pairs"] = rotary.HasAdjacentPairs;
        }

        return json.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n";
    }

    private static (NormKind Kind, bool HasWeights) Norm(ConfigJson json) => json.Text("normalization_type") switch
    {
        null => (NormKind.None, false),
        "LN" => (NormKind.LayerNorm, true),
        "LNPre" => (NormKind.LayerNorm, false),
        "RMS" => (NormKind.RootMeanSquare, true),
        "RMSPre" => (NormKind.RootMeanSquare, false),
        var other => throw new CheckpointException($"{json.Path}: normalization_type {other} is unknown: known are null, LN, LNPre, RMS and RMSPre"),
    };

    private static string? NormName(ModelConfig config) => config.Norm switch
    {
        NormKind.LayerNorm => config.HasNormWeights ? "LN" : "LNPre",
        NormKind.RootMeanSquare => config.HasNormWeights ? "RMS" : "RMSPre",
        _ => null,
    };

    private static PositionKind Positions(ConfigJson json) => json.Text("positional_embedding_type") switch
    {
        null or "standard" => PositionKind.Learned,
        "shortformer" => PositionKind.Shortformer,
        "rotary" => PositionKind.Rotary,
        "none" => PositionKind.None,
        var other => throw new CheckpointException($"{json.Path}: positional_embedding_type {other} is unknown: known are standard, shortformer, rotary and none"),
    };

    private static AttentionDirection Direction(ConfigJson json) => json.Text("attention_dir") switch
    {
        null or "causal" => AttentionDirection.Causal,
        "bidirectional" => AttentionDirection.Bidirectional,
        var other => throw new CheckpointException($"{json.Path}: attention_dir {other} is unknown: known are causal and bidirectional"),
    };

    private static string ActivationName(ActivationFunction function) => function switch
    {
        ActivationFunction.Relu => "relu",
        ActivationFunction.Gelu => "gelu",
        ActivationFunction.GeluTanh => "gelu_new",
        ActivationFunction.Silu => "silu",
        ActivationFunction.QuickGelu => "quick_gelu",
        ActivationFunction.SquaredRelu => "relu2",
        ActivationFunction.Tanh => "tanh",
        ActivationFunction.Sigmoid => "sigmoid",
        _ => "solu_ln",
    };
}
