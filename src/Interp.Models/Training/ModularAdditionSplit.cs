using Interp.Compute;
using Interp.Compute.Statistics;

namespace Interp.Models.Training;

/// <summary>
/// The pairs (a, b) of the task c = (a + b) mod p, split into training and test pairs by a seed. A pair is the number a·p + b.
/// </summary>
/// <remarks>The random source is one stream a seed, state 7919·seed + 13: the split is drawn first, then the initial weights.</remarks>
public sealed class ModularAdditionSplit
{
    private ModularAdditionSplit(int modulus, int[] train, int[] test)
    {
        Modulus = modulus;
        Train = train;
        Test = test;
    }

    /// <summary>The modulus p.</summary>
    public int Modulus { get; }

    /// <summary>The training pairs a·p + b, ⌊fraction·p²⌋ of them, in the order drawn.</summary>
    public IReadOnlyList<int> Train { get; }

    /// <summary>All other pairs, in the order drawn.</summary>
    public IReadOnlyList<int> Test { get; }

    /// <summary>Draws the split of a seed.</summary>
    /// <exception cref="InterpException">The modulus or the fraction leaves no training or no test pair.</exception>
    public static ModularAdditionSplit Create(int modulus, double trainFraction, long seed) =>
        Draw(modulus, trainFraction, RandomFor(seed));

    /// <summary>The seed's random source, before the split.</summary>
    internal static SplitMix64 RandomFor(long seed) => new(unchecked((ulong)((7919 * seed) + 13)));

    /// <summary>Draws the split and leaves the source where the initial weights begin.</summary>
    internal static ModularAdditionSplit Draw(int modulus, double trainFraction, SplitMix64 random)
    {
        var count = modulus < 2 ? 0 : (int)Math.Floor(trainFraction * modulus * modulus);
        if (count < 1 || count >= modulus * modulus)
        {
            throw new InterpException($"modulus {modulus} with training fraction {trainFraction} leaves no training or no test pair: use a modulus of at least 2 and a fraction between 0 and 1");
        }

        var pairs = random.Permutation(modulus * modulus);
        return new ModularAdditionSplit(modulus, pairs[..count], pairs[count..]);
    }
}
