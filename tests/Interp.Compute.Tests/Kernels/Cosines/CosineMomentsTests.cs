using Interp.Compute.Kernels.Cosines;
using Interp.Compute.LinearAlgebra;
using Interp.Compute.Tests.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.Cosines;

public sealed class CosineMomentsTests
{
    /// <summary>Float64 throughout, four thousand rows at most; closed forms are written with ten digits.</summary>
    private const double Rounding = 1e-10;

    /// <summary>Float32 rows and products, float64 sums.</summary>
    private const double SingleRounding = 5e-8;

    [Fact]
    public void Moments_of_rows_in_float32_agree_within_its_rounding()
    {
        using var scope = NewDisposeScope();
        var rows = RandomMatrix.Normal(5000, 24, seed: 8).ToTensor();
        using var single = UnitRows.Of(rows, ScalarType.Float32, default);
        var exact = RowCosines.Moments(rows);
        var moments = GramMoments.Of(single, null, default);
        Assert.Equal(exact.Mean, moments.Mean, SingleRounding);
        Assert.Equal(exact.StandardDeviation, moments.StandardDeviation, SingleRounding);
    }

    [Theory]
    [InlineData(40, 7)]
    [InlineData(2500, 3)]
    public void Moments_are_those_of_all_pairs(int count, int width)
    {
        var matrix = RandomMatrix.Normal(count, width, seed: 3);
        using var rows = matrix.ToTensor();
        var moments = RowCosines.Moments(rows);
        var pairs = BruteForce.Pairs(BruteForce.Cosines(matrix));
        var mean = pairs.Average();
        Assert.Equal(mean, moments.Mean, Rounding);
        Assert.Equal(Math.Sqrt(pairs.Average(c => (c - mean) * (c - mean))), moments.StandardDeviation, Rounding);
        Assert.Equal(pairs.Length, moments.Pairs);
    }

    /// <summary>Float32 rows hold a spread of 1e-3 of a cosine near 1 to three digits; float32 products would lose it.</summary>
    [Fact]
    public void Nearly_parallel_rows_keep_their_spread()
    {
        var matrix = RandomMatrix.Normal(60, 5, seed: 4);
        for (var row = 0; row < 60; row++)
        {
            matrix[row, 0] = 100;
        }

        using var rows = matrix.ToTensor();
        using var single = UnitRows.Of(rows, ScalarType.Float32, default);
        var moments = GramMoments.Of(single, null, default);
        var pairs = BruteForce.Pairs(BruteForce.Cosines(matrix));
        var mean = pairs.Average();
        var deviation = Math.Sqrt(pairs.Average(c => (c - mean) * (c - mean)));
        Assert.Equal(1, moments.StandardDeviation / deviation, 2e-3);
    }

    [Fact]
    public void The_cross_polytope_and_a_small_toy_have_their_closed_forms()
    {
        using var cross = cat([eye(8), -eye(8)], 0);
        var moments = RowCosines.Moments(cross);
        Assert.Equal(-0.0666666667, moments.Mean, Rounding);
        Assert.Equal(0.2494438258, moments.StandardDeviation, Rounding);
        Assert.Equal(1.0 / 8, moments.Purity, Rounding);
        using var toy = tensor(new double[,] { { 1, 0 }, { 0, 1 }, { 1, 1 } });
        moments = RowCosines.Moments(toy);
        Assert.Equal(0.4714045208, moments.Mean, Rounding);
        Assert.Equal(1.0 / 3, moments.StandardDeviation, Rounding);
    }

    [Fact]
    public void Scaling_rows_changes_nothing_and_the_frame_bound_holds()
    {
        var matrix = RandomMatrix.Normal(50, 6, seed: 5);
        using var rows = matrix.ToTensor();
        using var scales = logspace(-150, 150, 50, dtype: ScalarType.Float64).unsqueeze(1);
        using var scaled = rows * scales;
        var moments = RowCosines.Moments(rows);
        Assert.Equal(moments.Mean, RowCosines.Moments(scaled).Mean, Rounding);
        Assert.True(moments.MeanSquare >= (50.0 - 6) / (6 * 49));
        Assert.True(moments.Mean >= -1.0 / 49);
    }

    [Fact]
    public void Quantiles_follow_the_sorted_cosines()
    {
        var matrix = RandomMatrix.Normal(300, 20, seed: 6);
        using var rows = matrix.ToTensor();
        var histogram = RowCosines.Histogram(rows);
        var sorted = BruteForce.Pairs(BruteForce.Cosines(matrix)).Order().ToArray();
        foreach (var share in (double[])[0, 0.01, 0.5, 0.9, 0.999, 1])
        {
            var place = share * (sorted.Length - 1);
            Assert.Equal(sorted[(int)Math.Round(place)], histogram.Quantile(share), histogram.BinWidth * 3);
        }

        Assert.Equal(sorted.Average(), histogram.BinnedMean, 1e-5);
    }

    [Fact]
    public void Hostile_input_is_refused_in_one_line()
    {
        using var vector = ones(3);
        using var one = ones(1, 3);
        using var zero = zeros(5, 3);
        using var broken = tensor(new float[,] { { 1, 0 }, { float.NaN, 1 } });
        Assert.Throws<ShapeMismatchException>(() => RowCosines.Moments(vector));
        Assert.Throws<InterpException>(() => RowCosines.Moments(one));
        Assert.Throws<InterpException>(() => RowCosines.Moments(zero));
        Assert.Throws<InterpException>(() => RowCosines.Moments(broken));
        Assert.Throws<ArgumentOutOfRangeException>(() => RowCosines.Histogram(one, new CosineOptions { Bins = 7 }));
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var rows = rand(50, 4);
        LiveTensors.AssertNoGrowth(() => RowCosines.Moments(rows));
    }
}
