using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>Lists the weights under TransformerLens's names and in its layouts, as views that share the model's memory.</summary>
internal static class CanonicalNames
{
    /// <summary>The views by name; the caller frees them.</summary>
    public static Dictionary<string, Tensor> Of(ModelConfig config, TransformerParameters parameters)
    {
        var named = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        Add(named, "embed.W_E", parameters.Embedding);
        Add(named, "embed.W_proj", parameters.EmbeddingProjection);
        AddNorm(named, "embed.ln", parameters.EmbeddingNorm);
        Add(named, "pos_embed.W_pos", parameters.Positions);
        for (var layer = 0; layer < config.LayerCount; layer++)
        {
            AddBlock(named, $"blocks.{layer}", config, parameters.Blocks[layer]);
        }

        AddNorm(named, "ln_final", parameters.FinalNorm);
        Add(named, "unembed.W_proj", parameters.UnembeddingProjection);
        Add(named, "unembed.W_U", parameters.Unembedding);
        Add(named, "unembed.b_U", parameters.UnembeddingBias);
        return named;
    }

    private static void AddBlock(Dictionary<string, Tensor> named, string prefix, ModelConfig config, BlockParameters block)
    {
        AddNorm(named, $"{prefix}.ln1", block.AttentionNorm);
        var start = 0;
        foreach (var (letter, heads) in new[] { ("Q", config.HeadCount), ("K", config.KeyValueHeadCount), ("V", config.KeyValueHeadCount) })
        {
            var columns = heads * config.HeadWidth;
            using var part = block.QueryKeyValue.narrow(1, start, columns);
            using var split = part.view(config.Width, heads, config.HeadWidth);
            named.Add($"{prefix}.attn.W_{letter}", split.permute(1, 0, 2)); // [H, D, h]
            if (block.QueryKeyValueBias is { } bias)
            {
                using var partBias = bias.narrow(0, start, columns);
                named.Add($"{prefix}.attn.b_{letter}", partBias.view(heads, config.HeadWidth));
            }

            start += columns;
        }

        named.Add($"{prefix}.attn.W_O", block.Output.view(config.HeadCount, config.HeadWidth, config.Width));
        Add(named, $"{prefix}.attn.b_O", block.OutputBias);
        AddNorm(named, $"{prefix}.attn.q_norm", block.QueryNorm);
        AddNorm(named, $"{prefix}.attn.k_norm", block.KeyNorm);
        AddNorm(named, $"{prefix}.ln1_post", block.AttentionPostNorm);
        AddNorm(named, $"{prefix}.ln2", block.MlpNorm);
        Add(named, $"{prefix}.mlp.W_gate", block.Gate);
        Add(named, $"{prefix}.mlp.b_gate", block.GateBias);
        Add(named, $"{prefix}.mlp.W_in", block.In);
        Add(named, $"{prefix}.mlp.b_in", block.InBias);
        AddNorm(named, $"{prefix}.mlp.ln", block.NeuronNorm);
        Add(named, $"{prefix}.mlp.W_out", block.Out);
        Add(named, $"{prefix}.mlp.b_out", block.OutBias);
        Add(named, $"{prefix}.mlp.W_router", block.Router);
        Add(named, $"{prefix}.mlp.experts.W_gate", block.ExpertGate);
        Add(named, $"{prefix}.mlp.experts.W_in", block.ExpertIn);
        Add(named, $"{prefix}.mlp.experts.W_out", block.ExpertOut);
        AddNorm(named, $"{prefix}.ln2_post", block.MlpPostNorm);
    }

    private static void AddNorm(Dictionary<string, Tensor> named, string prefix, NormParameters norm)
    {
        Add(named, $"{prefix}.w", norm.Weight);
        Add(named, $"{prefix}.b", norm.Bias);
    }

    private static void Add(Dictionary<string, Tensor> named, string name, Tensor? tensor)
    {
        if (tensor is not null)
        {
            named.Add(name, tensor.alias());
        }
    }
}
