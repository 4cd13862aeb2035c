using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Interp.Compute.Kernels.RotatedHistograms;

/// <summary>
/// The version for the CPU: one pass with SIMD finds both ranges, a second the cells of a block of points, which are then counted.
/// Sums and products are rounded one by one, so that a point on an edge falls as it does in plain arithmetic.
/// </summary>
internal static class CpuRotation
{
    private const int Block = 512;

    /// <summary>Added to a whole number below 2³², it leaves the number in the low bits.</summary>
    private const double WholeBits = 1L << 52;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Count(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double angle, int bins, Span<int> counts)
    {
        var (sine, cosine) = Math.SinCos(angle);
        var cells = stackalloc ulong[Block];
        counts.Clear();
        fixed (double* px = x, py = y)
        fixed (int* into = counts)
        {
            var (lowFirst, highFirst) = Range(px, py, x.Length, cosine, sine);
            var (lowSecond, highSecond) = Range(px, py, x.Length, -sine, cosine);
            var scaleFirst = highFirst > lowFirst ? bins / (highFirst - lowFirst) : 0;
            var scaleSecond = highSecond > lowSecond ? bins / (highSecond - lowSecond) : 0;
            var (c, s, minus) = (Vector512.Create(cosine), Vector512.Create(sine), Vector512.Create(-sine));
            var (low1, low2, scale1, scale2) = (Vector512.Create(lowFirst), Vector512.Create(lowSecond), Vector512.Create(scaleFirst), Vector512.Create(scaleSecond));
            var (last, all, whole) = (Vector512.Create(bins - 1.0), Vector512.Create((double)bins), Vector512.Create(WholeBits));
            var i = 0;
            while (x.Length - i >= Vector512<double>.Count)
            {
                var block = Math.Min(Block, (x.Length - i) / Vector512<double>.Count * Vector512<double>.Count);
                for (var k = 0; k < block; k += Vector512<double>.Count)
                {
                    var (vx, vy) = (Vector512.Load(px + i + k), Vector512.Load(py + i + k));
                    var first = Vector512.Min(Vector512.Floor(((c * vx) + (s * vy) - low1) * scale1), last);
                    var second = Vector512.Min(Vector512.Floor(((minus * vx) + (c * vy) - low2) * scale2), last);
                    ((first * all) + second + whole).AsUInt64().Store(cells + k);
                }

                for (var k = 0; k < block; k += 4)
                {
                    into[(uint)cells[k]]++;
                    into[(uint)cells[k + 1]]++;
                    into[(uint)cells[k + 2]]++;
                    into[(uint)cells[k + 3]]++;
                }

                i += block;
            }

            for (; i < x.Length; i++)
            {
                var first = Math.Min((int)(((cosine * px[i]) + (sine * py[i]) - lowFirst) * scaleFirst), bins - 1);
                var second = Math.Min((int)(((-sine * px[i]) + (cosine * py[i]) - lowSecond) * scaleSecond), bins - 1);
                into[(first * bins) + second]++;
            }
        }
    }

    /// <summary>The smallest and largest a·x + b·y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe (double Low, double High) Range(double* x, double* y, int count, double a, double b)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        var (lows, highs) = (Vector512.Create(low), Vector512.Create(high));
        var (va, vb) = (Vector512.Create(a), Vector512.Create(b));
        var i = 0;
        for (; i <= count - Vector512<double>.Count; i += Vector512<double>.Count)
        {
            var z = (va * Vector512.Load(x + i)) + (vb * Vector512.Load(y + i));
            (lows, highs) = (Vector512.MinNative(lows, z), Vector512.MaxNative(highs, z));
        }

        for (var lane = 0; lane < Vector512<double>.Count; lane++)
        {
            (low, high) = (Math.Min(low, lows[lane]), Math.Max(high, highs[lane]));
        }

        for (; i < count; i++)
        {
            var z = (a * x[i]) + (b * y[i]);
            (low, high) = (Math.Min(low, z), Math.Max(high, z));
        }

        return (low, high);
    }
}
