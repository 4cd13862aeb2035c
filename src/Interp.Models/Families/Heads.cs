using Interp.Models.Checkpoints;
using Interp.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>Rules about heads that all Hugging Face families share.</summary>
internal static class Heads
{
    /// <summary>What stands before a text model's tensors inside a wrapper with a picture part.</summary>
    public const string WrappedPrefix = "language_model.";

    /// <summary>d_head: <c>head_dim</c> where given, else width over heads, which must divide.</summary>
    public static int Width(ConfigJson json, int width, int heads)
    {
        if (json.OptionalInt("head_dim") is { } given)
        {
            return given;
        }

        return width % heads == 0
            ? width / heads
            : throw new CheckpointException($"{json.Path}: {heads} heads do not divide the width {width}, and there is no head_dim");
    }

    /// <summary>Key/value heads: as many as query heads unless fewer are given, which must divide them.</summary>
    public static int KeyValue(ConfigJson json, string key, int heads)
    {
        var keyValue = json.Int(key, heads);
        return heads % keyValue == 0
            ? keyValue
            : throw new CheckpointException($"{json.Path}: {key} {keyValue} does not divide the {heads} query heads");
    }

    /// <summary>Whether the unembedding is the embedding: when the configuration says so or no tensor is there.</summary>
    public static bool IsTied(ConfigJson json, WeightReader weights, bool fallback, string head = "lm_head.weight") =>
        json.Bool("tie_word_embeddings", fallback) || !(weights.Has(head) || weights.Has(WrappedPrefix + head));

    /// <summary>The unembedding [d_model, d_vocab]: a view of the embedding when tied; a shipped head that differs is reported.</summary>
    public static Tensor Unembedding(WeightReader weights, Tensor embedding, bool isTied, string head = "lm_head.weight")
    {
        if (!isTied)
        {
            return weights.TakeTransposed(head, embedding.shape[0], embedding.shape[1]);
        }

        if (weights.Has(head) && !weights.TakeMatching(head, embedding))
        {
            weights.Warnings.Add($"{head} differs from the embedding although the configuration ties them: the embedding is used");
        }

        return embedding.t();
    }

    /// <summary>Queries, keys and values interleaved by head, rows (H, 3, d_head), as the forward pass wants them.</summary>
    public static (Tensor Matrix, Tensor? Bias) Interleaved(ModelConfig config, WeightReader weights, string name, bool hasBias)
    {
        var (heads, h, width) = (config.HeadCount, config.HeadWidth, config.Width);
        var matrix = weights.TakeCopy($"{name}.weight", 3 * heads * h, width).view(heads, 3, h, width).transpose(0, 1).reshape(3 * heads * h, width).t();
        return (matrix, hasBias ? weights.TakeCopy($"{name}.bias", 3 * heads * h).view(heads, 3, h).transpose(0, 1).reshape(3 * heads * h) : null);
    }
}
