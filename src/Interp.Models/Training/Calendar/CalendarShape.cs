using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training.Calendar;

/// <summary>The sizes of a small Llama: RMSNorm, rotary positions, SiLU-gated MLPs, no biases, the unembedding tied to the embedding.</summary>
/// <param name="LayerCount">Blocks.</param>
/// <param name="Width">The residual stream.</param>
/// <param name="HeadCount">Heads; each has width d / heads.</param>
/// <param name="MlpWidth">Neurons of a block.</param>
/// <param name="ContextLength">The longest input.</param>
public sealed record CalendarShape(int LayerCount, int Width, int HeadCount, int MlpWidth, int ContextLength)
{
    /// <summary>The keys of <c>config.json</c>.</summary>
    internal Dictionary<string, object?> Config(int vocabularySize) => new()
    {
        ["architectures"] = new[] { "LlamaForCausalLM" },
        ["model_type"] = "llama",
        ["hidden_size"] = Width,
        ["intermediate_size"] = MlpWidth,
        ["num_hidden_layers"] = LayerCount,
        ["num_attention_heads"] = HeadCount,
        ["num_key_value_heads"] = HeadCount,
        ["head_dim"] = Width / HeadCount,
        ["vocab_size"] = vocabularySize,
        ["max_position_embeddings"] = ContextLength,
        ["hidden_act"] = "silu",
        ["rms_norm_eps"] = 1e-5,
        ["rope_theta"] = 10000.0,
        ["attention_bias"] = false,
        ["mlp_bias"] = false,
        ["tie_word_embeddings"] = true,
        ["bos_token_id"] = 0,
        ["eos_token_id"] = 0,
        ["torch_dtype"] = "float32",
    };

    /// <summary>Draws the initial weights in the order in which they are listed, row by row.</summary>
    /// <returns>float32 CPU tensors under Llama's checkpoint names, owned by the caller.</returns>
    internal Dictionary<string, Tensor> Initialize(int vocabularySize, SplitMix64 random)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        void Draw(string name, int rows, int columns) => tensors.Add(name, InitialWeights.Normal(random, 1 / Math.Sqrt(columns), rows, columns));
        Draw("model.embed_tokens.weight", vocabularySize, Width);
        for (var layer = 0; layer < LayerCount; layer++)
        {
            var block = $"model.layers.{layer}";
            tensors.Add($"{block}.input_layernorm.weight", ones(Width));
            foreach (var part in new[] { "q", "k", "v", "o" })
            {
                Draw($"{block}.self_attn.{part}_proj.weight", Width, Width);
            }

            tensors.Add($"{block}.post_attention_layernorm.weight", ones(Width));
            Draw($"{block}.mlp.gate_proj.weight", MlpWidth, Width);
            Draw($"{block}.mlp.up_proj.weight", MlpWidth, Width);
            Draw($"{block}.mlp.down_proj.weight", Width, MlpWidth);
        }

        tensors.Add("model.norm.weight", ones(Width));
        foreach (var tensor in tensors.Values)
        {
            tensor.DetachFromDisposeScope();
        }

        return tensors;
    }
}
