using Interp.Models;
using Interp.Models.Transformer;
using static TorchSharp.torch;

namespace Interp.Workbench.Benchmarks;

/// <summary>Models with GPT-2's switches and random weights, for the engine's benchmarks.</summary>
internal static class Gpt2Shape
{
    /// <summary>GPT-2 small: 12 layers of 12 heads, width 768, 50,257 tokens.</summary>
    public static ModelConfig Small { get; } = Of(layers: 12, width: 768, heads: 12, vocabulary: 50257, context: 1024);

    /// <summary>GPT-2's switches at any size: LayerNorm, learned positions, the tanh GELU, a tied head.</summary>
    public static ModelConfig Of(int layers, int width, int heads, int vocabulary, int context) => new()
    {
        Family = "gpt2",
        LayerCount = layers,
        Width = width,
        HeadCount = heads,
        KeyValueHeadCount = heads,
        HeadWidth = width / heads,
        MlpWidth = 4 * width,
        VocabularySize = vocabulary,
        OutputVocabularySize = vocabulary,
        ContextLength = context,
        Norm = NormKind.LayerNorm,
        Positions = PositionKind.Learned,
        AttentionScale = 1 / Math.Sqrt((double)width / heads),
        Activation = ActivationFunction.GeluTanh,
        IsHeadTied = true,
    };

    /// <summary>A model of a shape with seeded normal weights of GPT-2's spread, in the layouts that a loaded GPT-2 has.</summary>
    public static LanguageModel Random(ModelConfig config, long seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        Tensor Normal(params long[] shape) => randn(shape, generator: generator).mul_(0.02);

        var (width, heads, h, mlp) = (config.Width, config.HeadCount, config.HeadWidth, config.MlpWidth);
        var embedding = Normal(config.VocabularySize, width);
        var weights = new Dictionary<string, Tensor>
        {
            ["embed.W_E"] = embedding,
            ["pos_embed.W_pos"] = Normal(config.ContextLength, width),
            ["ln_final.w"] = ones(width),
            ["ln_final.b"] = zeros(width),
            ["unembed.W_U"] = embedding.t(),
        };
        for (var layer = 0; layer < config.LayerCount; layer++)
        {
            foreach (var letter in new[] { "Q", "K", "V" })
            {
                weights.Add($"blocks.{layer}.attn.W_{letter}", Normal(heads, width, h));
                weights.Add($"blocks.{layer}.attn.b_{letter}", Normal(heads, h));
            }

            weights.Add($"blocks.{layer}.attn.W_O", Normal(heads, h, width));
            weights.Add($"blocks.{layer}.attn.b_O", Normal(width));
            weights.Add($"blocks.{layer}.mlp.W_in", Normal(width, mlp));
            weights.Add($"blocks.{layer}.mlp.b_in", Normal(mlp));
            weights.Add($"blocks.{layer}.mlp.W_out", Normal(mlp, width));
            weights.Add($"blocks.{layer}.mlp.b_out", Normal(width));
            foreach (var norm in new[] { "ln1", "ln2" })
            {
                weights.Add($"blocks.{layer}.{norm}.w", ones(width));
                weights.Add($"blocks.{layer}.{norm}.b", zeros(width));
            }
        }

        return LanguageModel.Create(config, weights, "gpt2-shape");
    }
}
