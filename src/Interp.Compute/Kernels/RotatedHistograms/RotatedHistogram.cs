using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.RotatedHistograms;

/// <summary>
/// Two-dimensional histograms of a plane cloud at many angles: for angle θ, of the first coordinates x cos θ + y sin θ and the
/// second y cos θ − x sin θ, each axis in equal bins from its smallest to its largest value, the last bin closed.
/// </summary>
public static class RotatedHistogram
{
    /// <summary>Bins must fit a byte, as finer ones than 255 to an axis have no points in them.</summary>
    private const int MostBins = 255;

    /// <summary>Counts. Costs two passes of the points an angle; memory O(angles · bins²).</summary>
    /// <param name="x">First coordinates, finite.</param>
    /// <param name="y">Second coordinates, finite, as many.</param>
    /// <param name="angles">θ, radians.</param>
    /// <param name="bins">Bins of each axis, from 1 to 255.</param>
    /// <param name="backend">Which version runs.</param>
    /// <param name="cancellation">Stops between angles.</param>
    /// <returns>Counts <c>[angles, bins, bins]</c>, row-major, the first coordinate's bin before the second's.</returns>
    public static int[] Count(double[] x, double[] y, double[] angles, int bins, RotationBackend backend = RotationBackend.Auto, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(angles);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, MostBins);
        RequirePoints(x.Length, y.Length);
        if (backend is RotationBackend.Reference or RotationBackend.Gpu)
        {
            using var scope = NewDisposeScope();
            return Count(tensor(x), tensor(y), angles, bins, backend, cancellation);
        }

        return Parallel(x, y, angles, bins, cancellation);
    }

    /// <summary>Counts points that lie in tensors, on any device: their GPU counts them by torch's operations unless a version is named. The same counts otherwise.</summary>
    /// <param name="x">First coordinates <c>[n]</c>, finite; bfloat16, float16 and float32 are widened to float64 as they are read.</param>
    /// <param name="y">Second coordinates <c>[n]</c>, on the same device.</param>
    /// <param name="angles">θ, radians; none gives no counts.</param>
    /// <param name="bins">Bins of each axis, from 1 to 255.</param>
    /// <param name="backend">Which version runs; the SIMD version copies points from another device.</param>
    /// <param name="cancellation">Stops between angles.</param>
    /// <returns>Counts <c>[angles, bins, bins]</c>, row-major, the first coordinate's bin before the second's.</returns>
    public static int[] Count(Tensor x, Tensor y, double[] angles, int bins, RotationBackend backend = RotationBackend.Auto, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(angles);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bins, MostBins);
        KernelChoice.RequireMemory(x);
        KernelChoice.RequireMemory(y);
        RequirePoints(x.numel(), y.numel());
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (px, py) = (x.detach().reshape(-1), y.detach().to(x.device).reshape(-1));
        return backend switch
        {
            RotationBackend.Gpu => GpuRotation.Count(px, py, angles, bins, cancellation),
            RotationBackend.Reference => ReferenceRotation.Count(px, py, angles, bins, cancellation),
            RotationBackend.Auto when x.device_type != DeviceType.CPU => ReferenceRotation.Count(px, py, angles, bins, cancellation),
            _ => Parallel(px.ToVector(), py.ToVector(), angles, bins, cancellation),
        };
    }

    /// <summary>Counts at one angle on the calling thread; nothing is allocated.</summary>
    /// <param name="x">First coordinates, finite.</param>
    /// <param name="y">Second coordinates, finite, as many.</param>
    /// <param name="angle">θ, radians.</param>
    /// <param name="bins">Bins of each axis, from 1 to 255.</param>
    /// <param name="counts">Receives the counts <c>[bins, bins]</c>.</param>
    public static void CountOne(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double angle, int bins, Span<int> counts) =>
        CpuRotation.Count(x, y, angle, bins, counts);

    private static void RequirePoints(long x, long y)
    {
        if (x != y || x == 0)
        {
            throw new ArgumentException($"the coordinates must be equally many and not none, but there are {x} and {y}: give every point both", nameof(y));
        }
    }

    private static int[] Parallel(double[] x, double[] y, double[] angles, int bins, CancellationToken cancellation)
    {
        var counts = new int[angles.Length * bins * bins];
        var settings = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        System.Threading.Tasks.Parallel.For(0, angles.Length, settings, angle =>
            CpuRotation.Count(x, y, angles[angle], bins, counts.AsSpan(angle * bins * bins, bins * bins)));
        return counts;
    }
}
