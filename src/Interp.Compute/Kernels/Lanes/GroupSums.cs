using ILGPU;

namespace Interp.Compute.Kernels.Lanes;

/// <summary>Sums and maxima over a group of threads, for kernels that give each row a group.</summary>
internal static class GroupSums
{
    /// <summary>The most warps of a group.</summary>
    public const int MostWarps = 32;

    /// <summary>The sum of all threads' numbers, in a fixed order, for every thread.</summary>
    /// <param name="own">This thread's number.</param>
    /// <param name="partial">Shared memory for <see cref="MostWarps"/> numbers.</param>
    public static float Sum(float own, ArrayView<float> partial)
    {
        Share(SumOfWarp(own), partial);
        var sum = 0f;
        for (var warp = 0; warp < Group.DimX / Warp.WarpSize; warp++)
        {
            sum += partial[warp];
        }

        return sum;
    }

    /// <summary>The sum of a warp's numbers, for each of its threads.</summary>
    public static float SumOfWarp(float own)
    {
        for (var mask = Warp.WarpSize / 2; mask > 0; mask /= 2)
        {
            own += Warp.ShuffleXor(own, mask);
        }

        return own;
    }

    /// <summary>Four sums at once, at the cost of the barriers of one.</summary>
    /// <param name="a">This thread's first number.</param>
    /// <param name="b">Its second.</param>
    /// <param name="c">Its third.</param>
    /// <param name="d">Its fourth.</param>
    /// <param name="partial">Shared memory for four times <see cref="MostWarps"/> numbers.</param>
    public static (float A, float B, float C, float D) SumFour(float a, float b, float c, float d, ArrayView<float> partial)
    {
        for (var mask = Warp.WarpSize / 2; mask > 0; mask /= 2)
        {
            a += Warp.ShuffleXor(a, mask);
            b += Warp.ShuffleXor(b, mask);
            c += Warp.ShuffleXor(c, mask);
            d += Warp.ShuffleXor(d, mask);
        }

        Group.Barrier();
        if (Group.IdxX % Warp.WarpSize == 0)
        {
            var at = 4 * (Group.IdxX / Warp.WarpSize);
            (partial[at], partial[at + 1], partial[at + 2], partial[at + 3]) = (a, b, c, d);
        }

        Group.Barrier();
        float sumA = 0, sumB = 0, sumC = 0, sumD = 0;
        for (var warp = 0; warp < Group.DimX / Warp.WarpSize; warp++)
        {
            sumA += partial[4 * warp];
            sumB += partial[(4 * warp) + 1];
            sumC += partial[(4 * warp) + 2];
            sumD += partial[(4 * warp) + 3];
        }

        return (sumA, sumB, sumC, sumD);
    }

    /// <summary>How much the threads before this one have together, and how much all have.</summary>
    /// <param name="own">This thread's number.</param>
    /// <param name="partial">Shared memory for <see cref="MostWarps"/> numbers.</param>
    public static (int Before, int All) Before(int own, ArrayView<int> partial)
    {
        var sum = own;
        for (var step = 1; step < Warp.WarpSize; step *= 2)
        {
            var below = Warp.ShuffleUp(sum, step);
            sum += Warp.LaneIdx >= step ? below : 0;
        }

        // Whoever still reads the last result must be done with it.
        Group.Barrier();
        var ownWarp = Group.IdxX / Warp.WarpSize;
        if (Warp.LaneIdx == Warp.WarpSize - 1)
        {
            partial[ownWarp] = sum;
        }

        Group.Barrier();
        int before = 0, all = 0;
        for (var warp = 0; warp < Group.DimX / Warp.WarpSize; warp++)
        {
            before += warp < ownWarp ? partial[warp] : 0;
            all += partial[warp];
        }

        return (before + sum - own, all);
    }

    /// <summary>The largest of all threads' numbers, for every thread.</summary>
    public static float Max(float own, ArrayView<float> partial)
    {
        for (var mask = Warp.WarpSize / 2; mask > 0; mask /= 2)
        {
            own = IntrinsicMath.Max(own, Warp.ShuffleXor(own, mask));
        }

        Share(own, partial);
        var top = partial[0];
        for (var warp = 1; warp < Group.DimX / Warp.WarpSize; warp++)
        {
            top = IntrinsicMath.Max(top, partial[warp]);
        }

        return top;
    }

    private static void Share(float own, ArrayView<float> partial)
    {
        // Whoever still reads the last result must be done with it.
        Group.Barrier();
        if (Group.IdxX % Warp.WarpSize == 0)
        {
            partial[Group.IdxX / Warp.WarpSize] = own;
        }

        Group.Barrier();
    }
}
