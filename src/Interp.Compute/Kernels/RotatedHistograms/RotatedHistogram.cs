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
        if (x.Length != y.Length || x.Length == 0)
        {
            throw new ArgumentException($"the coordinates must be equally many and not none, but there are {x.Length} and {y.Length}", nameof(y));
        }

        return backend switch
        {
            RotationBackend.Reference => ReferenceRotation.Count(x, y, angles, bins, cancellation),
            RotationBackend.Gpu => GpuRotation.Count(x, y, angles, bins, cancellation),
            _ => Parallel(x, y, angles, bins, cancellation),
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

    private static int[] Parallel(double[] x, double[] y, double[] angles, int bins, CancellationToken cancellation)
    {
        var counts = new int[angles.Length * bins * bins];
        var settings = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        System.Threading.Tasks.Parallel.For(0, angles.Length, settings, angle =>
            CpuRotation.Count(x, y, angles[angle], bins, counts.AsSpan(angle * bins * bins, bins * bins)));
        return counts;
    }
}
