using Interp.Compute.Statistics;

namespace Interp.Analysis.Activations;

/// <summary>
/// A seeded shuffle of 0 … n − 1 that is computed entry by entry instead of stored: an eight-round Feistel network on the
/// smallest even number of bits that holds n − 1, walked until it lands below n (at most four applications on average).
/// </summary>
internal readonly struct RowPermutation
{
    private const int Rounds = 8;

    private readonly ulong _count;
    private readonly int _halfBits;
    private readonly ulong[] _keys;

    public RowPermutation(long count, long seed, string purpose)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _count = (ulong)count;
        _halfBits = 1;
        while (1UL << (2 * _halfBits) < _count)
        {
            _halfBits++;
        }

        var random = SplitMix64.ForStream(seed, purpose);
        _keys = new ulong[Rounds];
        for (var i = 0; i < Rounds; i++)
        {
            _keys[i] = random.NextUInt64();
        }
    }

    /// <summary>The entry at a place.</summary>
    public long this[long place]
    {
        get
        {
            var value = (ulong)place;
            do
            {
                value = Mix(value);
            }
            while (value >= _count);
            return (long)value;
        }
    }

    private ulong Mix(ulong value)
    {
        var mask = (1UL << _halfBits) - 1;
        var left = value >> _halfBits;
        var right = value & mask;
        foreach (var key in _keys)
        {
            (left, right) = (right, left ^ (Scramble(right ^ key) & mask));
        }

        return (left << _halfBits) | right;
    }

    private static ulong Scramble(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
