using ILGPU;
using Interp.Compute.Kernels.Elements;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>
/// The GPU version in C#: one thread a pair takes the dot product and counts it with atomic operations. Cosines are compared
/// as whole numbers of the same order, with the other row's number below them, so that the nearest row is one atomic maximum
/// and the first of equal ones wins.
/// </summary>
internal static class CosineKernels
{
    public const int Above = 0;
    public const int MagnitudeAbove = 1;
    public const int Minimum = 2;
    public const int TotalCount = 3;

    public static void CountTile<T>(Index1D index, ArrayView<T> rows, ArrayView<int> counts, ArrayView<long> totals, ArrayView<ulong> best, CosineTile tile)
        where T : unmanaged, IElement<T>
    {
        var pair = (int)index;
        var i = tile.First + (pair / tile.Width);
        var j = tile.Second + (pair % tile.Width);
        if (j <= i)
        {
            return;
        }

        var left = (long)i * tile.Dimension;
        var right = (long)j * tile.Dimension;
        var cosine = 0f;
        for (var k = 0; k < tile.Dimension; k++)
        {
            cosine += rows[left + k].ToSingle() * rows[right + k].ToSingle();
        }

        var bins = (int)counts.Length;
        var place = (int)IntrinsicMath.Max((cosine * (bins / 2)) + (bins / 2), 0f);
        Atomic.Add(ref counts[IntrinsicMath.Min(place, bins - 1)], 1);
        if (cosine > tile.Threshold)
        {
            Atomic.Add(ref totals[Above], 1L);
        }

        if (IntrinsicMath.Abs(cosine) > tile.Threshold)
        {
            Atomic.Add(ref totals[MagnitudeAbove], 1L);
        }

        var ordered = Order(cosine);
        Atomic.Min(ref totals[Minimum], (long)ordered);
        Atomic.Max(ref best[i], ((ulong)ordered << 32) | (uint.MaxValue - (uint)j));
        Atomic.Max(ref best[j], ((ulong)ordered << 32) | (uint.MaxValue - (uint)i));
    }

    /// <summary>A whole number that orders floats as they are ordered.</summary>
    public static uint Order(float value)
    {
        var bits = Interop.FloatAsInt(value);
        return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
    }

    /// <summary>The float of an ordered number.</summary>
    public static float Unorder(uint ordered) =>
        Interop.IntAsFloat((ordered & 0x80000000u) != 0 ? ordered & 0x7FFFFFFFu : ~ordered);
}
