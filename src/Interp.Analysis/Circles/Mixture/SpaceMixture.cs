using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;

namespace Interp.Analysis.Circles.Mixture;

/// <summary>
/// The ε-mixture index of points of a few dimensions: a seeded search over directions from every axis and from random ones. Each
/// start is turned, plane by plane, to the angle of the fullest band, all offsets being counted exactly, until no turn helps.
/// </summary>
/// <remarks>What it finds is a lower bound of the index: a band of a direction that no start leads to is missed.</remarks>
public static class SpaceMixture
{
    private const int RandomStarts = 32;
    private const int SearchPoints = 2000;
    private const int Turns = 24;
    private const int Halvings = 5;
    private const int Sweeps = 8;
    private const double FlatShare = 1e-12;

    /// <summary>Searches. Costs about (d + 32)·d·100 counts of at most 2000 points, and as many of all points for the best.</summary>
    /// <param name="points">The points <c>[n ≥ 2, d]</c>, finite.</param>
    /// <param name="epsilon">ε, in (0, 1).</param>
    /// <param name="seed">The seed of the random starts.</param>
    /// <param name="cancellation">Stops between starts and between sweeps.</param>
    public static SpaceBand Measure(double[,] points, double epsilon = MixtureIndex.DefaultEpsilon, long seed = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        var (n, d) = (points.GetLength(0), points.GetLength(1));
        double[] mean = [.. Enumerable.Range(0, d).Select(axis => points.Column(axis).Average())];
        var centred = Centred(points, mean);
        var spectrum = SymmetricEigen.Decompose(Covariance(centred, d));
        if (spectrum.Values[^1] <= FlatShare * spectrum.Values[0])
        {
            double[] normal = [.. Enumerable.Range(0, d).Select(axis => spectrum.Vectors[d - 1, axis])];
            return new SpaceBand(1, normal, -Dot(normal, mean), true);
        }

        var sample = n <= SearchPoints ? centred : [.. Enumerable.Range(0, SearchPoints).Select(i => centred[(int)((long)i * n / SearchPoints)])];
        var starts = Starts(spectrum.Vectors, d, seed);
        var found = new (int Inside, double[] Direction)[starts.Length];
        Parallel.For(0, starts.Length, new ParallelOptions { CancellationToken = cancellation }, start =>
            found[start] = Climb(sample, starts[start], epsilon, cancellation));

        // The best of the sample is climbed further with all points; the first of equal ones, so that the result is the same each time.
        var best = found.MaxBy(end => end.Inside).Direction;
        var (inside, direction) = Climb(centred, best, epsilon, cancellation);
        var centre = new BandCounter(n, epsilon).Best(Project(centred, direction)).Centre;
        return new SpaceBand((double)inside / n, direction, -(centre + Dot(direction, mean)), false);
    }

    private static (int Inside, double[] Direction) Climb(double[][] points, double[] start, double epsilon, CancellationToken cancellation)
    {
        var counter = new BandCounter(points.Length, epsilon);
        var direction = start;
        var inside = counter.Best(Project(points, direction)).Inside;
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var before = inside;
            for (var axis = 0; axis < start.Length; axis++)
            {
                cancellation.ThrowIfCancellationRequested();
                (inside, direction) = Turn(points, counter, direction, axis, inside);
            }

            if (inside == before)
            {
                break;
            }
        }

        return (inside, direction);
    }

    /// <summary>Turns a direction in its plane with an axis: every 24th part of half a turn, then finer around the best.</summary>
    private static (int Inside, double[] Direction) Turn(double[][] points, BandCounter counter, double[] direction, int axis, int inside)
    {
        var other = new double[direction.Length];
        for (var i = 0; i < other.Length; i++)
        {
            other[i] = (i == axis ? 1 : 0) - (direction[axis] * direction[i]);
        }

        var length = Math.Sqrt(Dot(other, other));
        if (length < 1e-9)
        {
            return (inside, direction);
        }

        double[] along = Project(points, direction), across = Project(points, [.. other.Select(value => value / length)]);
        var mixed = new double[along.Length];
        int Count(double angle)
        {
            var (sine, cosine) = Math.SinCos(angle);
            for (var i = 0; i < mixed.Length; i++)
            {
                mixed[i] = (cosine * along[i]) + (sine * across[i]);
            }

            return counter.Best(mixed).Inside;
        }

        var best = (Inside: inside, Angle: 0.0);
        void Try(double angle)
        {
            var count = Count(angle);
            best = count > best.Inside ? (count, angle) : best;
        }

        for (var turn = 1; turn < Turns; turn++)
        {
            Try(turn * Math.PI / Turns);
        }

        for (var step = Math.PI / Turns / 2; step > Math.PI / Turns / (1 << (Halvings + 1)); step /= 2)
        {
            var middle = best.Angle;
            Try(middle - step);
            Try(middle + step);
        }

        var (turnedSine, turnedCosine) = Math.SinCos(best.Angle);
        return (best.Inside, [.. direction.Select((value, i) => (turnedCosine * value) + (turnedSine * other[i] / length))]);
    }

    private static double[][] Starts(double[,] axes, int d, long seed)
    {
        var random = SplitMix64.ForStream(seed, "mixture directions");
        var principal = Enumerable.Range(0, d).Select(row => Enumerable.Range(0, d).Select(column => axes[row, column]).ToArray());
        var drawn = Enumerable.Range(0, RandomStarts).Select(_ =>
        {
            double[] v = [.. Enumerable.Range(0, d).Select(_ => random.NextNormal())];
            var length = Math.Sqrt(Dot(v, v));
            return Array.ConvertAll(v, value => value / length);
        });
        return [.. principal, .. drawn];
    }

    private static double[][] Centred(double[,] points, double[] mean) =>
        [.. Enumerable.Range(0, points.GetLength(0)).Select(row => mean.Select((value, axis) => points[row, axis] - value).ToArray())];

    private static double[,] Covariance(double[][] centred, int d)
    {
        var covariance = new double[d, d];
        foreach (var row in centred)
        {
            for (var i = 0; i < d; i++)
            {
                for (var j = 0; j < d; j++)
                {
                    covariance[i, j] += row[i] * row[j] / centred.Length;
                }
            }
        }

        return covariance;
    }

    private static double[] Project(double[][] points, double[] direction) => Array.ConvertAll(points, point => Dot(point, direction));

    private static double Dot(double[] one, double[] other)
    {
        var sum = 0.0;
        for (var i = 0; i < one.Length; i++)
        {
            sum += one[i] * other[i];
        }

        return sum;
    }
}
