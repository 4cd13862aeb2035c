using Interp.Compute.Clustering;
using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using Interp.Compute.Tests.LinearAlgebra;

namespace Interp.Compute.Tests.Clustering;

public sealed class KMeansTests
{
    /// <summary>Float64 sums over at most a few hundred rows.</summary>
    private const double Rounding = 1e-9;

    [Fact]
    public void Separate_clumps_are_found()
    {
        var (rows, truth) = Clumps(4, 30, spread: 0.1);
        var result = KMeans.Fit(rows, new KMeansOptions { Clusters = 4 });
        Assert.True(result.Converged);
        Assert.Equal(4, truth.Zip(result.Labels).Distinct().Count());
    }

    [Fact]
    public void Small_sets_reach_the_best_of_all_partitions()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var rows = RandomMatrix.Normal(9, 2, seed);
            var best = Enumerable.Range(0, (int)Math.Pow(3, 9)).Min(code => Inertia(rows, Digits(code, 9, 3), 3));
            Assert.Equal(best, KMeans.Fit(rows, new KMeansOptions { Clusters = 3, Restarts = 30 }).Inertia, Rounding);
        }
    }

    [Fact]
    public void The_result_is_consistent_with_itself()
    {
        var rows = RandomMatrix.Normal(200, 3);
        var result = KMeans.Fit(rows, new KMeansOptions { Clusters = 7, Restarts = 3 });
        Assert.Equal(Inertia(rows, result.Labels, 7), result.Inertia, 1e-2 * result.Inertia);
        for (var row = 0; row < 200; row++)
        {
            var distances = Enumerable.Range(0, 7).Select(c => Enumerable.Range(0, 3).Sum(j => Math.Pow(rows[row, j] - result.Centres[c, j], 2))).ToArray();
            Assert.Equal(distances.Min(), distances[result.Labels[row]], Rounding);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_labels()
    {
        var rows = RandomMatrix.Normal(300, 4);
        var options = new KMeansOptions { Clusters = 10, Restarts = 2, Seed = 8 };
        var (first, second) = (KMeans.Fit(rows, options), KMeans.Fit(rows, options));
        Assert.Equal(first.Labels, second.Labels);
        Assert.Equal(first.Inertia, second.Inertia);
    }

    [Fact]
    public void Identical_rows_and_as_many_clusters_as_rows_are_no_trouble()
    {
        Assert.Equal(0, KMeans.Fit(new double[6, 2], new KMeansOptions { Clusters = 3 }).Inertia);
        var rows = RandomMatrix.Normal(5, 2);
        var result = KMeans.Fit(rows, new KMeansOptions { Clusters = 5 });
        Assert.Equal(0, result.Inertia, Rounding);
        Assert.Equal(5, result.Labels.Distinct().Count());
    }

    [Fact]
    public void Hostile_input_is_refused_in_one_line()
    {
        Assert.Contains("ask for fewer clusters", Assert.Throws<InterpException>(() => KMeans.Fit(new double[2, 2], new KMeansOptions { Clusters = 3 })).Message, StringComparison.Ordinal);
        Assert.Throws<InterpException>(() => KMeans.Fit(new double[,] { { double.NaN }, { 1 } }, new KMeansOptions { Clusters = 1 }));
        Assert.ThrowsAny<OperationCanceledException>(() => KMeans.Fit(new double[4, 2], new KMeansOptions { Clusters = 2 }, cancellation: new CancellationToken(true)));
    }

    [Fact]
    public void No_tensor_is_left_behind() =>
        LiveTensors.AssertNoGrowth(() => KMeans.Fit(RandomMatrix.Normal(20, 2), new KMeansOptions { Clusters = 3 }));

    internal static (double[,] Rows, int[] Truth) Clumps(int clumps, int each, double spread)
    {
        var random = new SplitMix64(21);
        var rows = new double[clumps * each, 3];
        var truth = new int[clumps * each];
        for (var row = 0; row < truth.Length; row++)
        {
            truth[row] = row % clumps;
            var angle = 2 * Math.PI * truth[row] / clumps;
            double[] centre = [Math.Cos(angle), Math.Sin(angle), (truth[row] % 2) - 0.5];
            for (var j = 0; j < 3; j++)
            {
                rows[row, j] = centre[j] + (spread * random.NextNormal());
            }
        }

        return (rows, truth);
    }

    private static int[] Digits(int code, int count, int radix)
    {
        var digits = new int[count];
        for (var i = 0; i < count; i++, code /= radix)
        {
            digits[i] = code % radix;
        }

        return digits;
    }

    private static double Inertia(double[,] rows, int[] labels, int clusters)
    {
        var total = 0.0;
        for (var cluster = 0; cluster < clusters; cluster++)
        {
            var members = Enumerable.Range(0, labels.Length).Where(row => labels[row] == cluster).ToArray();
            for (var j = 0; j < rows.GetLength(1) && members.Length > 0; j++)
            {
                var mean = members.Average(row => rows[row, j]);
                total += members.Sum(row => Math.Pow(rows[row, j] - mean, 2));
            }
        }

        return total;
    }
}
