using System.Collections.Concurrent;
using Interp.Compute.Statistics;

namespace Interp.Analysis.Circles.Mixture;

/// <summary>
/// The ε-mixture index of a plane cloud: the largest share of points that a band |x·v + c| &lt; ε·√E[(x·v + c)²] can hold, over
/// all directions v and offsets c. A large value says that much of the cloud lies near a line, so the feature may be a mixture
/// of lower-dimensional ones.
/// </summary>
/// <remarks>
/// Definition: arXiv 2405.14860. For one direction the maximum over c is exact, the largest overlap of n open intervals, found
/// by sorting; directions are a grid. The offset makes the rim of a bounded cloud count: a circle has 0.2187 at |c| = 0.887.
/// </remarks>
public static class MixtureIndex
{
    /// <summary>The published ε.</summary>
    public const double DefaultEpsilon = 0.1;

    /// <summary>A cloud whose smaller variance is at most this share of its larger one lies on a line.</summary>
    private const double LineShare = 1e-12;

    /// <summary>Measures a cloud by an estimator.</summary>
    /// <param name="cloud">The points.</param>
    /// <param name="estimator">Exact, or the published search.</param>
    /// <param name="directions">The number of directions of the exact estimator.</param>
    /// <param name="epsilon">ε, in (0, 1).</param>
    /// <param name="seed">The seed of the published search's start.</param>
    /// <param name="cancellation">Stops between directions and between steps.</param>
    public static MixtureScore Measure(
        PlaneCloud cloud, MixtureEstimator estimator, int directions = 3600, double epsilon = DefaultEpsilon, long seed = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cloud);
        if (estimator == MixtureEstimator.Exact)
        {
            return Measure(cloud, directions, epsilon, cancellation);
        }

        var random = SplitMix64.ForStream(seed, "mixture start");
        var isAnnealed = estimator == MixtureEstimator.GradientAnnealed;
        var band = GradientAscent.Climb(cloud, (random.NextNormal(), random.NextNormal()), epsilon, GradientAscent.PublishedSteps, isAnnealed, cancellation);
        var length = Math.Sqrt((band.A * band.A) + (band.B * band.B));
        var angle = Math.Atan2(band.B, band.A);
        var isTurned = angle is < 0 or >= Math.PI;
        return new MixtureScore
        {
            Share = isAnnealed ? band.Soft : band.Hard,
            Direction = isTurned ? (angle + (2 * Math.PI)) % Math.PI : angle,
            Offset = length > 0 ? (isTurned ? -1 : 1) * band.C / length : 0,
            HalfWidth = length > 0 ? epsilon * band.Rms / length : 0,
            Epsilon = epsilon,
            Points = cloud.Count,
            IsLowerDimensional = false,
            Shares = [],
        };
    }

    /// <summary>Measures a cloud exactly. Costs O(directions · n) up to the sorting of uneven clouds; directions run in parallel.</summary>
    /// <param name="cloud">The points.</param>
    /// <param name="directions">The number K of directions kπ/K.</param>
    /// <param name="epsilon">ε, in (0, 1).</param>
    /// <param name="cancellation">Stops between directions.</param>
    public static MixtureScore Measure(PlaneCloud cloud, int directions = 3600, double epsilon = DefaultEpsilon, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(cloud);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(directions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(epsilon, 1);
        var (larger, smaller) = cloud.CovarianceEigenvalues();
        if (smaller <= LineShare * larger)
        {
            return OnALine(cloud, epsilon);
        }

        var centred = cloud.Centred();
        var counts = new int[directions];
        Scan(directions, cloud.Count, epsilon, (k, counter) => counts[k] = counter.Best(centred, k * Math.PI / directions).Inside, cancellation);
        return AtDirection(cloud, centred, Array.IndexOf(counts, counts.Max()) * Math.PI / directions, epsilon, Array.ConvertAll(counts, count => (double)count / cloud.Count));
    }

    /// <summary>
    /// The same index, direction and band without the shares by direction, so that directions of which a coarse count shows that
    /// they cannot be the fullest need not be counted exactly.
    /// </summary>
    internal static MixtureScore MeasureFullest(PlaneCloud cloud, int directions, double epsilon, CancellationToken cancellation)
    {
        var (larger, smaller) = cloud.CovarianceEigenvalues();
        if (smaller <= LineShare * larger)
        {
            return OnALine(cloud, epsilon);
        }

        var centred = cloud.Centred();
        var direction = new FullestDirection(centred, directions, epsilon).Find(cancellation).Direction;
        return AtDirection(cloud, centred, direction * Math.PI / directions, epsilon, []);
    }

    private static void Scan(int directions, int points, double epsilon, Action<int, BandCounter> count, CancellationToken cancellation)
    {
        // One workspace a thread, used again by the loop's later tasks.
        var free = new ConcurrentBag<BandCounter>();
        Parallel.For(
            0,
            directions,
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount },
            () => free.TryTake(out var counter) ? counter : new BandCounter(points, epsilon),
            (place, _, counter) =>
            {
                count(place, counter);
                return counter;
            },
            free.Add);
    }

    private static MixtureScore AtDirection(PlaneCloud cloud, PlaneCloud centred, double angle, double epsilon, double[] shares)
    {
        var (inside, centre, halfWidth) = new BandCounter(cloud.Count, epsilon).Best(centred, angle);
        return new MixtureScore
        {
            Share = (double)inside / cloud.Count,
            Direction = angle,
            Offset = -(centre + MeanAlong(cloud, angle)),
            HalfWidth = halfWidth,
            Epsilon = epsilon,
            Points = cloud.Count,
            IsLowerDimensional = false,
            Shares = shares,
        };
    }

    /// <summary>A direction scan misses the one direction along which the cloud has no extent; every point lies on that line.</summary>
    private static MixtureScore OnALine(PlaneCloud cloud, double epsilon)
    {
        var centred = cloud.Centred();
        double xx = centred.X.Sum(x => x * x), yy = centred.Y.Sum(y => y * y), xy = centred.X.Zip(centred.Y, (x, y) => x * y).Sum();
        var along = 0.5 * Math.Atan2(2 * xy, xx - yy);
        var normal = (along + (1.5 * Math.PI)) % Math.PI;
        return new MixtureScore
        {
            Share = 1,
            Direction = normal,
            Offset = -MeanAlong(cloud, normal),
            HalfWidth = 0,
            Epsilon = epsilon,
            Points = cloud.Count,
            IsLowerDimensional = true,
            Shares = [],
        };
    }

    private static double MeanAlong(PlaneCloud cloud, double angle) => (Math.Cos(angle) * cloud.X.Average()) + (Math.Sin(angle) * cloud.Y.Average());
}
