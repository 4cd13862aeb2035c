using ILGPU;
using Interp.Compute.Kernels.Elements;

namespace Interp.Compute.Kernels.RotatedHistograms;

/// <summary>
/// The GPU version in C#, one thread a point and angle: the ranges of both coordinates by atomic minima and maxima of whole numbers
/// of the same order, then the cells by atomic additions.
/// </summary>
internal static class RotationKernels
{
    /// <summary>Ranges kept for an angle: smallest and largest of the first coordinate, then of the second.</summary>
    public const int Ends = 4;

    public static void Ranges<T>(Index1D index, ArrayView<T> x, ArrayView<T> y, ArrayView<double> turns, ArrayView<long> ranges)
        where T : unmanaged, IReal
    {
        var point = (int)(index % x.Length);
        var angle = (int)(index / x.Length);
        var (cosine, sine) = (turns[2 * angle], turns[(2 * angle) + 1]);
        var first = Order((cosine * x[point].ToDouble()) + (sine * y[point].ToDouble()));
        var second = Order((-sine * x[point].ToDouble()) + (cosine * y[point].ToDouble()));
        Atomic.Min(ref ranges[(Ends * angle) + 0], first);
        Atomic.Max(ref ranges[(Ends * angle) + 1], first);
        Atomic.Min(ref ranges[(Ends * angle) + 2], second);
        Atomic.Max(ref ranges[(Ends * angle) + 3], second);
    }

    public static void Cells<T>(Index1D index, ArrayView<T> x, ArrayView<T> y, ArrayView<double> turns, ArrayView<long> ranges, ArrayView<int> counts, int bins)
        where T : unmanaged, IReal
    {
        var point = (int)(index % x.Length);
        var angle = (int)(index / x.Length);
        var (cosine, sine) = (turns[2 * angle], turns[(2 * angle) + 1]);
        var first = Bin((cosine * x[point].ToDouble()) + (sine * y[point].ToDouble()), Unorder(ranges[(Ends * angle) + 0]), Unorder(ranges[(Ends * angle) + 1]), bins);
        var second = Bin((-sine * x[point].ToDouble()) + (cosine * y[point].ToDouble()), Unorder(ranges[(Ends * angle) + 2]), Unorder(ranges[(Ends * angle) + 3]), bins);
        Atomic.Add(ref counts[(((angle * bins) + first) * bins) + second], 1);
    }

    /// <summary>A whole number that orders doubles as they are ordered.</summary>
    public static long Order(double value)
    {
        var bits = Interop.FloatAsInt(value);
        return (long)bits < 0 ? (long)(bits ^ 0x7FFFFFFFFFFFFFFFul) : (long)bits;
    }

    /// <summary>The double of an ordered number.</summary>
    public static double Unorder(long ordered) => Interop.IntAsFloat(ordered < 0 ? (ulong)ordered ^ 0x7FFFFFFFFFFFFFFFul : (ulong)ordered);

    private static int Bin(double value, double low, double high, int bins) =>
        high > low ? IntrinsicMath.Min((int)((value - low) * (bins / (high - low))), bins - 1) : 0;
}
