using Interp.Models.Hooks;
using Interp.Models.Transformer;
using static TorchSharp.torch;

namespace Interp.Models.Tests.Hooks;

/// <summary>What shape a point's value must have, and which points are of which kind.</summary>
internal static class HookShapes
{
    public static bool IsAttention(HookPoint point) => point.Name.EndsWith("hook_attn_scores") || point.Name.EndsWith("hook_pattern");

    public static bool IsSplitInput(string name) =>
        name.EndsWith("hook_attn_in") || name.EndsWith("hook_q_input") || name.EndsWith("hook_k_input") || name.EndsWith("hook_v_input");

    /// <summary>The shape by the point's axes; −1 where the input decides.</summary>
    public static long[] Of(ModelConfig config, string axes, Tensor ids) =>
    [
        .. axes.Trim('[', ']').Split(',').Select(axis => axis switch
        {
            "b" => ids.shape[0],
            "p" or "q" or "k" => ids.shape[1],
            "D" => config.Width,
            "H" => config.HeadCount,
            "K" => config.KeyValueHeadCount,
            "h" => config.HeadWidth,
            "M" => config.MlpWidth,
            "V" => config.OutputVocabularySize,
            "E" => config.ExpertCount,
            "t" => config.ExpertsPerToken,
            "n" => -1,
            "1" => 1,
            _ => throw new ArgumentException(axis),
        }),
    ];
}
