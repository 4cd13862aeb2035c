using Interp.Compute;
using Interp.Models.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>Which positions a run is on: what stands before them, which of them are padding, and where each is counted to be.</summary>
internal sealed class RunSpan
{
    /// <summary>How many tokens a key/value cache holds before the run's own.</summary>
    public int Past { get; private init; }

    /// <summary>The run's own positions.</summary>
    public long Length { get; private init; }

    /// <summary>Past and own positions.</summary>
    public long Total => Past + Length;

    /// <summary>Where past keys and values are, and new ones go; or null.</summary>
    public KeyValueCache? Cache { get; private init; }

    /// <summary>True where a key is padding, [b, 1, 1, total]; null without padding.</summary>
    public Tensor? HiddenKeys { get; private init; }

    /// <summary>Each own token's place among its row's tokens that are no padding, int64 [b, p]; null where they simply count on.</summary>
    public Tensor? Places { get; private init; }

    /// <summary>The last own position of each row that is no padding, int64 [b]; null where it is the last of all.</summary>
    public Tensor? Last { get; private init; }

    /// <summary>The first positions of a text, with nothing before them and no padding.</summary>
    public static RunSpan First(long length) => new() { Length = length };

    /// <summary>Reads a run's options; tensors are made in the present dispose scope.</summary>
    /// <exception cref="InterpException">The options do not fit each other or the ids.</exception>
    public static RunSpan Of(ModelConfig config, Tensor ids, RunOptions options)
    {
        var (batch, length, past) = (ids.shape[0], ids.shape[1], options.Past?.Length ?? 0);
        if (options.Past is { } cache)
        {
            Check(config, options, cache, batch);
        }

        var hidden = options.AttentionMask is { } mask ? Hidden(mask, batch, past + length, ids.device) : null;
        if (hidden is null)
        {
            return new RunSpan { Past = past, Length = length, Cache = options.Past };
        }

        var seen = hidden.logical_not().to(ScalarType.Int64);
        var own = seen.narrow(1, past, length);
        return new RunSpan
        {
            Past = past,
            Length = length,
            Cache = options.Past,
            HiddenKeys = hidden.view(batch, 1, 1, past + length),
            Places = (seen.cumsum(1) - 1).clamp(min: 0).narrow(1, past, length),
            Last = (own * arange(1, length + 1, dtype: ScalarType.Int64, device: ids.device)).argmax(1),
        };
    }

    /// <summary>One vector of a table for each own position: [b or 1, p, …].</summary>
    public Tensor Rows(Tensor table) => Places is null
        ? table.narrow(0, Past, Length).unsqueeze(0)
        : table.index_select(0, Places.flatten()).view([Places.shape[0], Length, .. table.shape[1..]]);

    private static void Check(ModelConfig config, RunOptions options, KeyValueCache cache, long batch)
    {
        if (options.RecordGradients || options.StartAtLayer is not null || options.StopAtLayer is not null || config.Direction != AttentionDirection.Causal)
        {
            throw new InterpException("a key/value cache serves whole runs of causal models without gradients: leave Past out, or StartAtLayer, StopAtLayer and RecordGradients");
        }

        if (!cache.Fits(batch))
        {
            throw new InterpException($"the key/value cache holds other rows than the run's {batch}: go on with the same batch, or clear the cache");
        }
    }

    /// <summary>True where padding is, [b, total], or null where there is none.</summary>
    private static Tensor? Hidden(Tensor mask, long batch, long total, Device device)
    {
        if (mask.dim() != 2 || mask.shape[0] != batch || mask.shape[1] != total)
        {
            throw new ShapeMismatchException("attention mask", $"[{batch}, {total}], one or true at tokens and zero or false at padding", mask.shape);
        }

        var hidden = mask.to(device).eq(0);
        return hidden.any().item<bool>() ? hidden : null;
    }
}
