using ILGPU;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>Cosines as whole numbers of the same order, so that a largest or smallest one is found by atomic operations.</summary>
internal static class CosineOrder
{
    /// <summary>The place of the pairs above the threshold among a launch's totals.</summary>
    public const int Above = 0;

    /// <summary>The place of the pairs above it in magnitude.</summary>
    public const int MagnitudeAbove = 1;

    /// <summary>The place of the smallest cosine, ordered.</summary>
    public const int Minimum = 2;

    /// <summary>The totals before anything is counted.</summary>
    public static long[] Totals() => [0, 0, Order(float.PositiveInfinity)];

    /// <summary>A whole number that orders floats as they are ordered.</summary>
    public static uint Order(float value)
    {
        var bits = Interop.FloatAsInt(value);
        return (bits & 0x80000000u) != 0 ? ~bits : bits | 0x80000000u;
    }

    /// <summary>The float of an ordered number.</summary>
    public static float Unorder(uint ordered) =>
        Interop.IntAsFloat((ordered & 0x80000000u) != 0 ? ordered & 0x7FFFFFFFu : ~ordered);

    /// <summary>A cosine with another row: the larger cosine is the larger number, and of equal ones that with the lower row.</summary>
    public static ulong Key(float cosine, int other) => ((ulong)Order(cosine) << 32) | (uint.MaxValue - (uint)other);

    /// <summary>The cosine of a key.</summary>
    public static float CosineOf(ulong key) => Unorder((uint)(key >> 32));

    /// <summary>The row of a key.</summary>
    public static int RowOf(ulong key) => (int)(uint.MaxValue - (uint)key);
}
