using Interp.Compute.Kernels.DeviceStep;
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
    public static KernelView<uint> Make(KernelLane lane, string purpose, long count, double scale)
    {
        var block = new Numbers(purpose).Normal(2L * Block, scale);
        var pairs = new uint[Block];
        for (var i = 0; i < Block; i++)
        {
            pairs[i] = Bfloat16Pair.Pack(block[2 * i], block[(2 * i) + 1]);
        }

        var values = new uint[count / 2];
        for (long at = 0; at < values.LongLength; at += Block)
        {
            Array.Copy(pairs, 0, values, at, Math.Min(Block, values.LongLength - at));
        }

        return lane.Copy(values);
    }
}
