using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Gpu.Checks.Speeds;

/// <summary>Large bfloat16 inputs: a seeded block of normal numbers, repeated with other beginnings, since making each number would take longer than the work.</summary>
internal static class RandomPairs
{
    private const int Block = (1 << 20) + 7;

    /// <summary>Numbers on the GPU.</summary>
    /// <param name="lane">Where.</param>
    /// <param name="purpose">The seed's name.</param>
    /// <param name="count">How many numbers, even.</param>
    /// <param name="scale">Their standard deviation.</param>
    public static KernelView<Bfloat16Pair> Make(KernelLane lane, string purpose, long count, double scale)
    {
        var block = new Numbers(purpose).Normal(2L * Block, scale);
        var pairs = new Bfloat16Pair[Block];
        for (var i = 0; i < Block; i++)
        {
            pairs[i] = default(Bfloat16Pair).Of(block[2 * i], block[(2 * i) + 1]);
        }

        var values = new Bfloat16Pair[count / 2];
        for (long at = 0; at < values.LongLength; at += Block)
        {
            Array.Copy(pairs, 0, values, at, Math.Min(Block, values.LongLength - at));
        }

        return lane.Copy(values);
    }
}
