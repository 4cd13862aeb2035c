using Interp.Models.Checkpoints;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>
/// Toy transformers in TransformerLens's configuration keys, tensor names and layouts. Missing biases are absent, not zeros. Older
/// checkpoints, told by their flat W_O [d_model, heads·d_head], store most matrices transposed.
/// </summary>
internal sealed class HookedTransformer : IModelFamily
{
    public const string Type = "hooked_transformer";

    public string ModelType => Type;

    public IReadOnlyList<string> Architectures { get; } = ["HookedTransformer"];

    public ModelConfig Config(ConfigJson json, WeightReader weights) => HookedTransformerConfig.Read(json);

    TransformerParameters IModelFamily.Weights(ModelConfig config, ConfigJson json, WeightReader weights) => Weights(config, weights);

    public static TransformerParameters Weights(ModelConfig config, WeightReader weights)
    {
        weights.Skip(name => name.EndsWith(".attn.mask", StringComparison.Ordinal) || name.EndsWith(".attn.IGNORE", StringComparison.Ordinal)
            || name.EndsWith(".attn.rotary_sin", StringComparison.Ordinal) || name.EndsWith(".attn.rotary_cos", StringComparison.Ordinal));
        var isOld = weights.Shape("blocks.0.attn.W_O") is { Count: 2 };
        var embedding = isOld
            ? weights.TakeCopy("embed.W_E", config.Width, config.VocabularySize).t().contiguous()
            : weights.Take("embed.W_E", config.VocabularySize, config.Width);
        return new TransformerParameters
        {
            Embedding = embedding,
            Positions = config.Positions is PositionKind.Learned or PositionKind.Shortformer
                ? weights.Take("pos_embed.W_pos", config.ContextLength, config.Width)
                : null,
            Blocks = [.. Enumerable.Range(0, config.LayerCount).Select(layer => WeightReader.Block(() => Block(config, weights, $"blocks.{layer}", isOld)))],
            FinalNorm = Norm(config, weights, "ln_final", config.Width),
            Unembedding = weights.Take("unembed.W_U", config.Width, config.OutputVocabularySize),
            UnembeddingBias = weights.TakeOptional("unembed.b_U", config.OutputVocabularySize),
        };
    }

    /// <summary>Writes a model in this family's layout.</summary>
    public static void Save(LanguageModel model, string folder)
    {
        if (File.Exists(Path.Combine(folder, "config.json")))
        {
            throw new CheckpointException($"{folder}: holds a model already; choose an empty folder");
        }

        var json = HookedTransformerConfig.Write(model.Config, model.Dtype);
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), model.Parameters);
        if (model.Task is { } task)
        {
            ModelLoader.WriteTask(folder, task);
        }

        // The configuration last: a folder without it is no model.
        File.WriteAllText(Path.Combine(folder, "config.json"), json);
    }

    private static BlockParameters Block(ModelConfig config, WeightReader weights, string name, bool isOld)
    {
        var (width, h, mlp) = (config.Width, config.HeadWidth, config.MlpWidth);
        (string Letter, int Heads)[] parts = [("Q", config.HeadCount), ("K", config.KeyValueHeadCount), ("V", config.KeyValueHeadCount)];
        Tensor Columns(string letter, int heads) => isOld
            ? weights.TakeCopy($"{name}.attn.W_{letter}", heads, h, width).permute(2, 0, 1).reshape(width, heads * h)
            : weights.TakeCopy($"{name}.attn.W_{letter}", heads, width, h).permute(1, 0, 2).reshape(width, heads * h);
        Tensor Matrix(string matrix, long rows, long columns) => isOld
            ? weights.Take($"{name}.mlp.{matrix}", columns, rows).t()
            : weights.Take($"{name}.mlp.{matrix}", rows, columns);

        var hasBias = parts.Any(part => weights.Has($"{name}.attn.b_{part.Letter}"));
        var block = new BlockParameters
        {
            AttentionNorm = Norm(config, weights, $"{name}.ln1", width),
            QueryKeyValue = cat([.. parts.Select(part => Columns(part.Letter, part.Heads))], 1),
            QueryKeyValueBias = hasBias ? cat([.. parts.Select(part => Bias(weights, $"{name}.attn.b_{part.Letter}", part.Heads, h))], 0) : null,
            Output = isOld
                ? weights.Take($"{name}.attn.W_O", width, config.HeadCount * h).t()
                : weights.Take($"{name}.attn.W_O", config.HeadCount, h, width).reshape(config.HeadCount * h, width),
            OutputBias = weights.TakeOptional($"{name}.attn.b_O", width),
        };
        return config.IsAttentionOnly ? block : block with
        {
            MlpNorm = Norm(config, weights, $"{name}.ln2", width),
            In = Matrix("W_in", width, mlp),
            InBias = weights.TakeOptional($"{name}.mlp.b_in", mlp),
            Gate = config.IsGated ? Matrix("W_gate", width, mlp) : null,
            GateBias = config.IsGated ? weights.TakeOptional($"{name}.mlp.b_gate", mlp) : null,
            NeuronNorm = config.HasMlpNorm ? Norm(config, weights, $"{name}.mlp.ln", mlp) : NormParameters.None,
            Out = Matrix("W_out", mlp, width),
            OutBias = weights.TakeOptional($"{name}.mlp.b_out", width),
        };
    }

    private static Tensor Bias(WeightReader weights, string name, int heads, int width)
    {
        if (weights.TakeOptional(name, heads, width) is { } bias)
        {
            return bias.reshape(heads * width);
        }

        using var like = weights.StandIn([heads * width]);
        return like.clone();
    }

    private static NormParameters Norm(ModelConfig config, WeightReader weights, string name, int width) =>
        config.Norm == NormKind.None || !config.HasNormWeights
            ? NormParameters.None
            : new NormParameters(weights.Take($"{name}.w", width), config.Norm == NormKind.LayerNorm ? weights.TakeOptional($"{name}.b", width) : null);
}
