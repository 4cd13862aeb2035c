namespace Interp.Models.Transformer;

/// <summary>What one block of a forward pass holds, counted from the configuration: its values live until the block ends.</summary>
internal static class BlockMemory
{
    /// <summary>The bytes of a block's values at its end, without gradients.</summary>
    /// <param name="config">The model.</param>
    /// <param name="batch">Rows.</param>
    /// <param name="length">Positions.</param>
    /// <param name="scores">How many tensors of attention scores are formed: none, patterns, or scores and patterns.</param>
    /// <param name="bytes">Of an element.</param>
    public static long Bytes(ModelConfig config, long batch, long length, int scores, int bytes)
    {
        var (d, q, k, m) = Sizes(config);
        var norm = config.Norm != NormKind.None && config.NormPlacement is NormPlacement.Before or NormPlacement.BeforeAndAfter ? d : 0;
        var isTurned = config.QueryKeyNorm != QueryKeyNorm.None || Enumerable.Range(0, config.LayerCount).All(layer => config.RotaryOf(layer) is not null);
        // Read, queries with keys and values, turned queries and keys, mixed values, output, and the sum with the stream.
        var attention = norm + q + (2 * k) + (isTurned ? q + k : 0) + q + d + d;
        var mlp = config.IsAttentionOnly ? 0 : norm + d + d + (config.ExpertCount > 0 ? 0 : m * (config.IsGated ? 3 : 2));
        return ((batch * length * (attention + mlp)) + (scores * batch * config.HeadCount * length * length)) * bytes;
    }

    /// <summary>The bytes that a block leaves for the backward pass: what its products and its activation were given.</summary>
    public static long SavedBytes(ModelConfig config, long batch, long length, int bytes)
    {
        var (d, q, k, m) = Sizes(config);
        return batch * length * (d + q + (2 * k) + q + (config.IsAttentionOnly || config.ExpertCount > 0 ? 0 : d + (m * (config.IsGated ? 3 : 2)))) * bytes;
    }

    private static (long Width, long Queries, long Keys, long Neurons) Sizes(ModelConfig config) =>
        (config.Width, (long)config.HeadCount * config.HeadWidth, (long)config.KeyValueHeadCount * config.HeadWidth, config.MlpWidth);
}
