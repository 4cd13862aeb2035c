using ILGPU;
using Interp.Compute.Kernels.Elements;

namespace Interp.Compute.Kernels.RotatedHistograms;

/// <summary>
/// The GPU version in C#, so many groups of threads an angle: the ranges of both coordinates by atomic minima and maxima of whole numbers
/// of the same order, one of each group; then the cells, in each group's shared memory where they have room there.
/// </summary>
internal static class RotationKernels
{
    /// <summary>Ranges kept for an angle: smallest and largest of the first coordinate, then of the second.</summary>
    public const int Ends = 4;

    /// <summary>Cells of an angle that shared memory holds.</summary>
    public const int MostCells = 8192;

    /// <summary>Finds the ranges.</summary>
    /// <param name="x">First coordinates.</param>
    /// <param name="y">Second coordinates.</param>
    /// <param name="turns">Cosine and sine of each angle.</param>
    /// <param name="ranges">Compared with: <see cref="Ends"/> of each angle, ordered.</param>
    /// <param name="points">How many points.</param>
    /// <param name="groups">Groups an angle.</param>
    public static void Ranges<T>(ArrayView<T> x, ArrayView<T> y, ArrayView<double> turns, ArrayView<long> ranges, int points, int groups)
        where T : unmanaged, IReal
    {
        var ends = SharedMemory.Allocate<long>(Ends);
        if (Group.IdxX < Ends)
        {
            ends[Group.IdxX] = Group.IdxX % 2 == 0 ? long.MaxValue : long.MinValue;
        }

        Group.Barrier();
        var angle = Grid.IdxX / groups;
        var (cosine, sine) = (turns[2 * angle], turns[(2 * angle) + 1]);
        long lowFirst = long.MaxValue, highFirst = long.MinValue, lowSecond = long.MaxValue, highSecond = long.MinValue;
        for (var point = ((Grid.IdxX % groups) * Group.DimX) + Group.IdxX; point < points; point += groups * Group.DimX)
        {
            var first = Order((cosine * x[point].ToDouble()) + (sine * y[point].ToDouble()));
            var second = Order((-sine * x[point].ToDouble()) + (cosine * y[point].ToDouble()));
            (lowFirst, highFirst) = (IntrinsicMath.Min(lowFirst, first), IntrinsicMath.Max(highFirst, first));
            (lowSecond, highSecond) = (IntrinsicMath.Min(lowSecond, second), IntrinsicMath.Max(highSecond, second));
        }

        Atomic.Min(ref ends[0], lowFirst);
        Atomic.Max(ref ends[1], highFirst);
        Atomic.Min(ref ends[2], lowSecond);
        Atomic.Max(ref ends[3], highSecond);
        Group.Barrier();
        if (Group.IdxX == 0)
        {
            Atomic.Min(ref ranges[(Ends * angle) + 0], ends[0]);
            Atomic.Max(ref ranges[(Ends * angle) + 1], ends[1]);
            Atomic.Min(ref ranges[(Ends * angle) + 2], ends[2]);
            Atomic.Max(ref ranges[(Ends * angle) + 3], ends[3]);
        }
    }

    /// <summary>Counts the cells.</summary>
    /// <param name="x">First coordinates.</param>
    /// <param name="y">Second coordinates.</param>
    /// <param name="turns">Cosine and sine of each angle.</param>
    /// <param name="ranges">The ranges of each angle.</param>
    /// <param name="counts">Added to <c>[angles, bins, bins]</c>.</param>
    /// <param name="bins">Bins of each axis.</param>
    /// <param name="points">How many points.</param>
    /// <param name="groups">Groups an angle.</param>
    public static void Cells<T>(ArrayView<T> x, ArrayView<T> y, ArrayView<double> turns, ArrayView<long> ranges, ArrayView<int> counts, int bins, int points, int groups)
        where T : unmanaged, IReal
    {
        var cells = SharedMemory.Allocate<int>(MostCells);
        var angle = Grid.IdxX / groups;
        var (all, isShared, start) = (bins * bins, bins * bins <= MostCells, (long)angle * bins * bins);
        for (var cell = Group.IdxX; isShared && cell < all; cell += Group.DimX)
        {
            cells[cell] = 0;
        }

        Group.Barrier();
        var (cosine, sine) = (turns[2 * angle], turns[(2 * angle) + 1]);
        var (lowFirst, highFirst) = (Unorder(ranges[(Ends * angle) + 0]), Unorder(ranges[(Ends * angle) + 1]));
        var (lowSecond, highSecond) = (Unorder(ranges[(Ends * angle) + 2]), Unorder(ranges[(Ends * angle) + 3]));
        for (var point = ((Grid.IdxX % groups) * Group.DimX) + Group.IdxX; point < points; point += groups * Group.DimX)
        {
            var first = Bin((cosine * x[point].ToDouble()) + (sine * y[point].ToDouble()), lowFirst, highFirst, bins);
            var second = Bin((-sine * x[point].ToDouble()) + (cosine * y[point].ToDouble()), lowSecond, highSecond, bins);
            if (isShared)
            {
                Atomic.Add(ref cells[(first * bins) + second], 1);
            }
            else
            {
                Atomic.Add(ref counts[start + (first * bins) + second], 1);
            }
        }

        Group.Barrier();
        for (var cell = Group.IdxX; isShared && cell < all; cell += Group.DimX)
        {
            if (cells[cell] != 0)
            {
                Atomic.Add(ref counts[start + cell], cells[cell]);
            }
        }
    }

    /// <summary>Groups an angle: what fills a large GPU, but no more than have some thousands of points each.</summary>
    public static int GroupsOf(long points, int angles) => (int)Math.Clamp(Math.Min(points / 4096, 132L * 8 / Math.Max(1, angles)), 1, 132 * 8);

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
