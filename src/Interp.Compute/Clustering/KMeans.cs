using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using static TorchSharp.torch;

namespace Interp.Compute.Clustering;

/// <summary>
/// Seeded k-means in float64: k-means++ starts (Arthur and Vassilvitskii 2007), Lloyd iterations, restarts. Sums run in row
/// order, so the same seed gives the same labels. A cluster that loses all its rows takes the row farthest from its centre.
/// </summary>
public sealed class KMeans
{
    private const int RowBlock = 4096;

    private readonly double[,] _rows;
    private readonly KMeansOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly int _count;
    private readonly int _width;

    private KMeans(double[,] rows, KMeansOptions options, CancellationToken cancellation)
    {
        _rows = rows;
        _options = options;
        _cancellation = cancellation;
        _count = rows.GetLength(0);
        _width = rows.GetLength(1);
    }

    /// <summary>Clusters rows. Costs O(restarts · iterations · n k d).</summary>
    /// <param name="rows">The rows <c>[n, d]</c>, finite.</param>
    /// <param name="options">Clusters, restarts, limits, seed.</param>
    /// <param name="progress">Receives every finished restart with its inertia.</param>
    /// <param name="cancellation">Stops between iterations.</param>
    /// <exception cref="InterpException">More clusters than rows, or a number is not finite.</exception>
    public static KMeansResult Fit(double[,] rows, KMeansOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Clusters);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Restarts);
        if (options.Clusters > rows.GetLength(0))
        {
            throw new InterpException($"k-means cannot make {options.Clusters} clusters of {rows.GetLength(0)} rows: ask for fewer clusters");
        }

        foreach (var value in MatrixConversion.Span(rows))
        {
            if (!double.IsFinite(value))
            {
                throw new InterpException("the rows of k-means hold numbers that are not finite: drop or mend those rows first");
            }
        }

        var run = new KMeans(rows, options, cancellation);
        KMeansResult? best = null;
        for (var restart = 0; restart < options.Restarts; restart++)
        {
            var result = run.Restart(SplitMix64.ForStream(options.Seed, $"k-means restart {restart}"));
            best = best is null || result.Inertia < best.Inertia ? result : best;
            progress?.Report(new StepProgress("k-means", restart + 1, options.Restarts, "restarts") { Value = best.Inertia, ValueName = "inertia" });
        }

        return best!;
    }

    private KMeansResult Restart(SplitMix64 random)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var data = _rows.ToTensor();
        var stop = _options.Tolerance * data.var(0, unbiased: false).mean().item<double>();
        var centres = Start(random);
        var labels = new int[_count];
        var distances = new double[_count];
        var converged = false;
        var iteration = 0;
        while (!converged && iteration < _options.MaximumIterations)
        {
            _cancellation.ThrowIfCancellationRequested();
            iteration++;
            var before = (int[])labels.Clone();
            Assign(data, centres, labels, distances);
            var shift = Update(centres, labels, distances);
            converged = shift <= stop || (iteration > 1 && labels.AsSpan().SequenceEqual(before));
        }

        Assign(data, centres, labels, distances);
        return new KMeansResult(labels, centres, distances.Sum(), iteration, converged);
    }

    private double[,] Start(SplitMix64 random)
    {
        var centres = new double[_options.Clusters, _width];
        var nearest = new double[_count];
        Array.Fill(nearest, double.PositiveInfinity);
        var chosen = random.NextInt(_count);
        for (var centre = 0; ; centre++)
        {
            Row(chosen).CopyTo(CentreRow(centres, centre));
            if (centre == _options.Clusters - 1)
            {
                return centres;
            }

            _cancellation.ThrowIfCancellationRequested();
            var total = 0.0;
            for (var row = 0; row < _count; row++)
            {
                nearest[row] = Math.Min(nearest[row], SquaredDistance(Row(row), Row(chosen)));
                total += nearest[row];
            }

            chosen = Draw(nearest, total, random);
        }
    }

    /// <summary>Draws a row with probability proportional to its weight; uniformly when all weights are zero.</summary>
    private static int Draw(double[] weights, double total, SplitMix64 random)
    {
        var left = random.NextDouble() * total;
        if (total <= 0)
        {
            return random.NextInt(weights.Length);
        }

        var last = 0;
        for (var row = 0; row < weights.Length; row++)
        {
            if (weights[row] > 0)
            {
                last = row;
                left -= weights[row];
                if (left < 0)
                {
                    break;
                }
            }
        }

        return last;
    }

    private void Assign(Tensor data, double[,] centres, int[] labels, double[] distances)
    {
        using var scope = NewDisposeScope();
        var points = centres.ToTensor();
        var offsets = points.square().sum(1);
        for (var first = 0; first < _count; first += RowBlock)
        {
            using var block = NewDisposeScope();
            var rows = data.narrow(0, first, Math.Min(RowBlock, _count - first));
            var nearest = (offsets - (2 * rows.matmul(points.t()))).argmin(1).data<long>().ToArray();
            for (var i = 0; i < nearest.Length; i++)
            {
                labels[first + i] = (int)nearest[i];
                distances[first + i] = SquaredDistance(Row(first + i), CentreRow(centres, labels[first + i]));
            }
        }
    }

    /// <summary>Moves every centre to the mean of its rows; returns the squared shift of all centres.</summary>
    private double Update(double[,] centres, int[] labels, double[] distances)
    {
        var means = new double[_options.Clusters, _width];
        var sizes = new int[_options.Clusters];
        for (var row = 0; row < _count; row++)
        {
            sizes[labels[row]]++;
            var sum = CentreRow(means, labels[row]);
            var values = Row(row);
            for (var column = 0; column < _width; column++)
            {
                sum[column] += values[column];
            }
        }

        var shift = 0.0;
        for (var centre = 0; centre < _options.Clusters; centre++)
        {
            var mean = CentreRow(means, centre);
            if (sizes[centre] == 0)
            {
                Row(TakeFarthest(distances)).CopyTo(mean);
                sizes[centre] = 1;
            }

            for (var column = 0; column < _width; column++)
            {
                mean[column] /= sizes[centre];
            }

            shift += SquaredDistance(mean, CentreRow(centres, centre));
            mean.CopyTo(CentreRow(centres, centre));
        }

        return shift;
    }

    private static int TakeFarthest(double[] distances)
    {
        var farthest = 0;
        for (var row = 1; row < distances.Length; row++)
        {
            farthest = distances[row] > distances[farthest] ? row : farthest;
        }

        distances[farthest] = 0;
        return farthest;
    }

    private Span<double> Row(int row) => MatrixConversion.Span(_rows).Slice(row * _width, _width);

    private Span<double> CentreRow(double[,] centres, int centre) => MatrixConversion.Span(centres).Slice(centre * _width, _width);

    private static double SquaredDistance(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var sum = 0.0;
        for (var i = 0; i < first.Length; i++)
        {
            var step = first[i] - second[i];
            sum += step * step;
        }

        return sum;
    }
}
