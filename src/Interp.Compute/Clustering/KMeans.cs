using System.Numerics;
using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Clustering;

/// <summary>
/// Seeded k-means in float64: k-means++ starts (Arthur and Vassilvitskii 2007), Lloyd iterations, restarts. Sums run in row
/// order, so the same seed gives the same labels. A cluster that loses all its rows takes the row farthest from its centre.
/// Rows are only compared with centres that moved, unless their own did.
/// </summary>
public sealed class KMeans
{
    /// <summary>From so many products on, distances are compared in single precision; sums and the inertia stay in float64.</summary>
    private const double SingleProducts = 4e9;

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

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var run = new KMeans(rows, options, cancellation);
        var isLarge = (double)run._count * run._width * options.Clusters > SingleProducts;
        var data = tensor(MatrixConversion.Span(rows).ToArray(), [run._count, run._width], isLarge ? ScalarType.Float32 : ScalarType.Float64);
        var starts = KMeansStarts.Choose(data, options, cancellation);
        KMeansResult? best = null;
        for (var restart = 0; restart < options.Restarts; restart++)
        {
            var result = run.Restart(data, starts[restart]);
            best = best is null || result.Inertia < best.Inertia ? result : best;
            progress?.Report(new StepProgress("k-means", restart + 1, options.Restarts, "restarts") { Value = best.Inertia, ValueName = "inertia" });
        }

        return best!;
    }

    private KMeansResult Restart(Tensor data, int[] start)
    {
        using var scope = NewDisposeScope();
        var stop = _options.Tolerance * data.var(0, unbiased: false).to(ScalarType.Float64).mean().item<double>();
        var centres = new double[_options.Clusters, _width];
        for (var centre = 0; centre < start.Length; centre++)
        {
            Row(start[centre]).CopyTo(CentreRow(centres, centre));
        }

        var nearest = new NearestCentres(data);
        var labels = nearest.Labels;
        var distances = new double[_count];
        var moved = Enumerable.Repeat(true, _options.Clusters).ToArray();
        var converged = false;
        var iteration = 0;
        while (!converged && iteration < _options.MaximumIterations)
        {
            _cancellation.ThrowIfCancellationRequested();
            iteration++;
            var before = (int[])labels.Clone();
            Assign(nearest, centres, moved, distances);
            var shift = Update(centres, labels, distances, moved);
            converged = shift <= stop || (iteration > 1 && labels.AsSpan().SequenceEqual(before));
        }

        Assign(nearest, centres, moved, distances);
        return new KMeansResult(labels, centres, distances.Sum(), iteration, converged);
    }

    private void Assign(NearestCentres nearest, double[,] centres, bool[] moved, double[] distances)
    {
        nearest.Assign(centres, moved, _cancellation);
        Parallel.For(0, _count, row => distances[row] = SquaredDistance(Row(row), CentreRow(centres, nearest.Labels[row])));
    }

    /// <summary>Moves every centre to the mean of its rows; returns the squared shift of all centres and says which moved.</summary>
    private double Update(double[,] centres, int[] labels, double[] distances, bool[] moved)
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

            var step = SquaredDistance(mean, CentreRow(centres, centre));
            moved[centre] = step > 0;
            shift += step;
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
        var (sums, i) = (Vector<double>.Zero, 0);
        for (; i <= first.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var steps = new Vector<double>(first[i..]) - new Vector<double>(second[i..]);
            sums += steps * steps;
        }

        var sum = Vector.Sum(sums);
        for (; i < first.Length; i++)
        {
            var step = first[i] - second[i];
            sum += step * step;
        }

        return sum;
    }
}
