using System.Globalization;
using System.Text.RegularExpressions;
using Interp.Models.Transformer;

namespace Interp.Models.Hooks;

/// <summary>
/// Hugging Face module paths as names of hook points: a path alone or with <c>.output</c> means what the module returns, with
/// <c>.input</c> what it is given. Only paths whose value is that of a point have a meaning; where a family adds something in
/// between (a norm after attention, a residual multiplier) the path has none.
/// </summary>
internal static partial class ModulePaths
{
    private static readonly Dictionary<string, string> s_outside = new(StringComparer.Ordinal)
    {
        ["wte"] = "hook_embed", ["embed_tokens"] = "hook_embed", ["embed_in"] = "hook_embed", ["word_embeddings_layernorm"] = "hook_embed",
        ["wpe"] = "hook_pos_embed", ["embed_positions"] = "hook_pos_embed",
        ["ln_f"] = "unembed.hook_in", ["norm"] = "unembed.hook_in", ["final_layer_norm"] = "unembed.hook_in", ["final_layernorm"] = "unembed.hook_in",
        ["lm_head.input"] = "unembed.hook_in", ["embed_out.input"] = "unembed.hook_in",
        ["lm_head"] = "unembed.hook_out", ["embed_out"] = "unembed.hook_out",
    };

    private static readonly Dictionary<string, string> s_inBlock = new(StringComparer.Ordinal)
    {
        ["q_proj"] = "attn.hook_q", ["k_proj"] = "attn.hook_k", ["v_proj"] = "attn.hook_v",
        ["gate_proj"] = "mlp.hook_pre", ["up_proj"] = "mlp.hook_pre_linear", ["c_fc"] = "mlp.hook_pre", ["fc_in"] = "mlp.hook_pre",
        ["fc1"] = "mlp.hook_pre", ["dense_h_to_4h"] = "mlp.hook_pre",
        ["mlp.down_proj.input"] = "mlp.hook_post", ["mlp.c_proj.input"] = "mlp.hook_post", ["fc_out.input"] = "mlp.hook_post",
        ["fc2.input"] = "mlp.hook_post", ["dense_4h_to_h.input"] = "mlp.hook_post",
    };

    // What is added to the stream, where nothing stands between the module and the stream.
    private static readonly Dictionary<string, string> s_added = new(StringComparer.Ordinal)
    {
        ["attn"] = "hook_attn_out", ["attention"] = "hook_attn_out", ["self_attn"] = "hook_attn_out",
        ["o_proj"] = "hook_attn_out", ["out_proj"] = "hook_attn_out", ["dense"] = "hook_attn_out", ["attn.c_proj"] = "hook_attn_out",
        ["mlp"] = "hook_mlp_out", ["block_sparse_moe"] = "hook_mlp_out", ["down_proj"] = "hook_mlp_out", ["mlp.c_proj"] = "hook_mlp_out",
        ["fc_out"] = "hook_mlp_out", ["fc2"] = "hook_mlp_out", ["dense_4h_to_h"] = "hook_mlp_out",
    };

    /// <summary>The canonical names that a path means; a star in the layer's place means every layer. Empty where it means nothing.</summary>
    public static IEnumerable<string> Canonical(ModelConfig config, string path)
    {
        if (path.EndsWith(".output", StringComparison.Ordinal))
        {
            path = path[..^".output".Length];
        }

        if (Block().Match(path) is not { Success: true } block)
        {
            var outside = Outside().Match(path);
            return outside.Success && s_outside.TryGetValue(outside.Groups[1].Value, out var name) ? [name] : [];
        }

        var layers = block.Groups[1].Value == "*" ? Enumerable.Range(0, config.LayerCount)
            : int.TryParse(block.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? [layer] : [];
        return InBlock(config, block.Groups[2].Value) is { } point ? layers.Select(layer => $"blocks.{layer}.{point}") : [];
    }

    private static string? InBlock(ModelConfig config, string rest)
    {
        if (rest is "" or ".input")
        {
            return rest.Length == 0 ? "hook_resid_post" : "hook_resid_pre";
        }

        var isPlain = config.NormPlacement is not (NormPlacement.After or NormPlacement.BeforeAndAfter) && config.ResidualScale == 1;
        var parts = rest[1..].Split('.');
        if (!isPlain && config.ResidualScale == 1 && parts is ["post_attention_layernorm" or "post_feedforward_layernorm"])
        {
            return parts[0] == "post_attention_layernorm" ? "hook_attn_out" : "hook_mlp_out";
        }

        // BLOOM's attention and MLP modules return the stream with their part already added.
        if (config.Family == "bloom" && parts is ["self_attention" or "mlp"])
        {
            return null;
        }

        for (var start = 0; start < parts.Length; start++)
        {
            var tail = string.Join('.', parts[start..]);
            if (s_inBlock.TryGetValue(tail, out var point) || (isPlain && s_added.TryGetValue(tail, out point)))
            {
                return point;
            }
        }

        return null;
    }

    [GeneratedRegex(@"^(?:(?:model|transformer|gpt_neox|decoder|language_model)\.)*(?:h|layers)\.(\d+|\*)((?:\.[a-z0-9_]+)*)$")]
    private static partial Regex Block();

    [GeneratedRegex(@"^(?:(?:model|transformer|gpt_neox|decoder|language_model)\.)*([a-z_]+(?:\.input)?)$")]
    private static partial Regex Outside();
}
