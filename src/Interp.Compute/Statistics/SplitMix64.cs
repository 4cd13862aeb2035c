using System.Runtime.CompilerServices;
using System.Text;

namespace Interp.Compute.Statistics;

/// <summary>
/// The seeded random source of every random choice outside libtorch: small, fast, the same on every platform.
/// One stream a purpose (<see cref="ForStream"/>), so that adding a draw in one place does not move the others.
/// </summary>
/// <remarks>
/// Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014 (SplitMix64).
/// The normal uses one half of the Box–Muller transform, two uniforms a draw. Not for cryptography, not thread-safe.
/// </remarks>
public sealed class SplitMix64
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>Starts the generator at a state.</summary>
    public SplitMix64(ulong state) => State = state;

    /// <summary>The whole state; save it to resume exactly.</summary>
    public ulong State { get; set; }

    /// <summary>An independent stream for one purpose of one seed ("initialisation", "shuffling").</summary>
    public static SplitMix64 ForStream(long seed, string purpose)
    {
        // FNV-1a keeps the stream the same across runs; string hash codes do not.
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(purpose))
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        var mixer = new SplitMix64(unchecked((ulong)seed) ^ hash);
        return new SplitMix64(mixer.NextUInt64());
    }

    /// <summary>The next 64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextUInt64()
    {
        State += Golden;
        var z = State;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A uniform number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A standard normal number: √(−2 ln u₁)·cos(2πu₂).</summary>
    public double NextNormal()
    {
        // u₁ = 0 has probability 2⁻⁵³; the smallest other value stands in for it.
        var u1 = Math.Max(NextDouble(), 1.0 / (1UL << 53));
        return Math.Sqrt(-2 * Math.Log(u1)) * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>A uniform whole number in [0, <paramref name="limit"/>).</summary>
    public int NextInt(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return (int)(NextDouble() * limit);
    }

    /// <summary>Shuffles in place (Fisher–Yates from the end; j = ⌊u·(i+1)⌋).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i >= 1; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>A seeded permutation of 0 … <paramref name="count"/> − 1.</summary>
    public int[] Permutation(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        Shuffle(order.AsSpan());
        return order;
    }
}
