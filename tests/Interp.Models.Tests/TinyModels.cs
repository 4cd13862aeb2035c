using Interp.Models.Checkpoints;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Tests;

/// <summary>Small models for tests.</summary>
internal static class TinyModels
{
    public static string Folder(string family) => Checkout.PathOf("tests", "Interp.Models.Tests", "Data", "tiny", family);

    public static string Clock => Checkout.PathOf("models", "clock-59");

    /// <summary>Reads one tensor of a file in a folder.</summary>
    public static Tensor Read(string folder, string file, string name)
    {
        using var tensors = SafetensorsFile.Open(Path.Combine(folder, file));
        return tensors.Read(name);
    }

    /// <summary>A toy configuration with everything that the family can switch on left at its plainest.</summary>
    public static ModelConfig Toy { get; } = new()
    {
        Family = "hooked_transformer",
        LayerCount = 2,
        Width = 12,
        HeadCount = 3,
        KeyValueHeadCount = 3,
        HeadWidth = 5,
        MlpWidth = 20,
        VocabularySize = 11,
        OutputVocabularySize = 9,
        ContextLength = 8,
        AttentionScale = 1 / Math.Sqrt(5),
        Positions = PositionKind.Learned,
    };

    /// <summary>A toy model with seeded normal weights.</summary>
    public static LanguageModel Random(ModelConfig config, int seed = 0, ScalarType dtype = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        return LanguageModel.Create(config, RandomWeights(config, seed), "toy", options: new ModelLoadOptions { Dtype = dtype });
    }

    public static Dictionary<string, Tensor> RandomWeights(ModelConfig config, int seed = 0)
    {
        var random = new Random(seed);
        Tensor Normal(params long[] shape)
        {
            var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) * 0.4);
            }

            return tensor(values, shape);
        }

        var (d, h, m) = (config.Width, config.HeadWidth, config.MlpWidth);
        var weights = new Dictionary<string, Tensor> { ["embed.W_E"] = Normal(config.VocabularySize, d) };
        if (config.Positions is PositionKind.Learned or PositionKind.Shortformer)
        {
            weights["pos_embed.W_pos"] = Normal(config.ContextLength, d);
        }

        void Norm(string name)
        {
            if (config.Norm != NormKind.None && config.HasNormWeights)
            {
                weights[$"{name}.w"] = Normal(d) + 1;
                if (config.Norm == NormKind.LayerNorm)
                {
                    weights[$"{name}.b"] = Normal(d);
                }
            }
        }

        for (var layer = 0; layer < config.LayerCount; layer++)
        {
            var name = $"blocks.{layer}";
            Norm($"{name}.ln1");
            foreach (var (letter, heads) in new[] { ("Q", config.HeadCount), ("K", config.KeyValueHeadCount), ("V", config.KeyValueHeadCount) })
            {
                weights[$"{name}.attn.W_{letter}"] = Normal(heads, d, h);
                weights[$"{name}.attn.b_{letter}"] = Normal(heads, h);
            }

            weights[$"{name}.attn.W_O"] = Normal(config.HeadCount, h, d);
            weights[$"{name}.attn.b_O"] = Normal(d);
            if (!config.IsAttentionOnly)
            {
                Norm($"{name}.ln2");
                weights[$"{name}.mlp.W_in"] = Normal(d, m);
                weights[$"{name}.mlp.b_in"] = Normal(m);
                if (config.IsGated)
                {
                    weights[$"{name}.mlp.W_gate"] = Normal(d, m);
                }

                if (config.HasMlpNorm && config.HasNormWeights)
                {
                    weights[$"{name}.mlp.ln.w"] = Normal(m);
                    weights[$"{name}.mlp.ln.b"] = Normal(m);
                }

                weights[$"{name}.mlp.W_out"] = Normal(m, d);
                weights[$"{name}.mlp.b_out"] = Normal(d);
            }
        }

        Norm("ln_final");
        weights["unembed.W_U"] = Normal(d, config.OutputVocabularySize);
        weights["unembed.b_U"] = Normal(config.OutputVocabularySize);
        return weights;
    }

    public static Tensor Ids(params long[][] rows) => tensor(rows.SelectMany(row => row).ToArray(), rows.Length, rows[0].Length);

    /// <summary>The largest absolute value, at least 1: what differences in float32 are measured by.</summary>
    public static double Scale(Tensor values)
    {
        using var scope = NewDisposeScope();
        return Math.Max(1, values.abs().max().to(ScalarType.Float64).item<double>());
    }

    /// <summary>The largest absolute difference; equal infinities differ by nothing.</summary>
    public static double Difference(Tensor actual, Tensor expected)
    {
        Assert.Equal(expected.shape, actual.shape);
        using var scope = NewDisposeScope();
        var (a, b) = (actual.to(ScalarType.Float64), expected.to(ScalarType.Float64));
        return where(a.eq(b), zeros_like(a), (a - b).abs()).max().ToDouble();
    }
}
