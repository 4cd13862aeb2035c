using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Generation;

/// <summary>
/// The keys and values of the tokens that a model has seen, so that a run on the next ones need not see the first again. What hooks made
/// of keys and values when they were new is what is kept. One cache serves one run at a time.
/// </summary>
/// <remarks>Memory: 2·layers·K·d_head elements a token and row, in room that doubles when it is full.</remarks>
public sealed class KeyValueCache : IDisposable
{
    private const long SmallestRoom = 64;

    private readonly List<(Tensor Keys, Tensor Values)> _layers = [];

    /// <summary>How many tokens are kept of each row.</summary>
    public int Length { get; private set; }

    /// <summary>Forgets all tokens.</summary>
    public void Clear() => Length = 0;

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        foreach (var (keys, values) in _layers)
        {
            keys.Dispose();
            values.Dispose();
        }

        _layers.Clear();
        Length = 0;
    }

    /// <summary>Whether the kept rows are as many as a run's.</summary>
    internal bool Fits(long batch) => Length == 0 || _layers[0].Keys.shape[0] == batch;

    /// <summary>Puts a layer's new keys and values behind the kept ones; they count as kept after <see cref="Advance"/>.</summary>
    /// <param name="layer">The block; layers come in order in a cache's first run.</param>
    /// <param name="keys">[b, p, K, h], as they multiply.</param>
    /// <param name="values">[b, p, K, h].</param>
    /// <returns>All keys and values, [b, kept + p, K, h], views in the present dispose scope.</returns>
    internal (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        var total = Length + keys.shape[1];
        if (layer == _layers.Count)
        {
            _layers.Add((Room(keys, total), Room(values, total)));
        }
        else if (_layers[layer].Keys.shape[1] < total || _layers[layer].Keys.shape[0] != keys.shape[0])
        {
            _layers[layer] = (Grown(_layers[layer].Keys, keys, total), Grown(_layers[layer].Values, values, total));
        }

        var (allKeys, allValues) = _layers[layer];
        using (var scope = NewDisposeScope())
        {
            allKeys.narrow(1, Length, keys.shape[1]).copy_(keys);
            allValues.narrow(1, Length, values.shape[1]).copy_(values);
        }

        return (allKeys.narrow(1, 0, total), allValues.narrow(1, 0, total));
    }

    /// <summary>Keeps what was appended to every layer.</summary>
    internal void Advance(int tokens) => Length += tokens;

    /// <summary>The tokens that room is made for where so many are kept.</summary>
    internal static long RoomFor(long tokens) => Math.Max(SmallestRoom, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)tokens));

    private static Tensor Room(Tensor like, long tokens)
    {
        return empty([like.shape[0], RoomFor(tokens), like.shape[2], like.shape[3]], like.dtype, like.device).DetachFromDisposeScope();
    }

    private Tensor Grown(Tensor old, Tensor like, long tokens)
    {
        var grown = Room(like, tokens);
        if (Length > 0)
        {
            using var scope = NewDisposeScope();
            grown.narrow(1, 0, Length).copy_(old.narrow(1, 0, Length));
        }

        old.Dispose();
        return grown;
    }
}
