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
        var exact = RowCosines.Moments(rows);
        var moments = GramMoments.Of(rows.to(ScalarType.Float32), ScalarType.Float32, null, null, default);
        Assert.Equal(exact.Mean, moments.Mean, SingleRounding);
        Assert.Equal(exact.StandardDeviation, moments.StandardDeviation, SingleRounding);
    }

    /// <summary>More rows than a block, more columns than a band, every dtype that takes the one-pass scaling, and zero rows.</summary>
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Large_tables_have_the_moments_of_float64_rows(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5, CPU);
        var rows = (randn([9001, 347], generator: generator) + 0.05).to(dtype);
        rows[3] = 0;
        rows[8191] = 0;
        rows[8192] = 0;
        var moments = GramMoments.Of(rows, ScalarType.Float32, null, null, default);
        var exact = GramMoments.Of(rows.to(ScalarType.Float64), ScalarType.Float64, null, null, default);
        var unit = nn.functional.normalize(rows.to(ScalarType.Float64), dim: 1);
        var whole = unit.t().matmul(unit).square().sum().item<double>();
        Assert.Equal((8998L, 3L), (moments.Rows, moments.ZeroRows));
        Assert.Equal((whole - 8998) / (8998.0 * 8997), exact.MeanSquare, Rounding);
        Assert.Equal(exact.Mean, moments.Mean, SingleRounding);
        Assert.Equal(exact.StandardDeviation, moments.StandardDeviation, SingleRounding);
    }

    [Fact]
    public void Moments_without_blocks_are_those_of_the_remaining_rows()
    {
        using var scope = NewDisposeScope();
        var rows = RandomMatrix.Normal(31, 4, seed: 9).ToTensor();
        var order = Interp.Compute.Statistics.SplitMix64.ForStream(6, "blocks of rows").Permutation(31);
        var without = RowCosines.MomentsWithoutBlocks(rows, 3, 6);
        for (var block = 0; block < 3; block++)
        {
            var kept = order.Where((_, place) => place < block * 31 / 3 || place >= (block + 1) * 31 / 3).Select(row => (long)row).ToArray();
            var exact = RowCosines.Moments(rows.index_select(0, tensor(kept)));
            Assert.Equal(exact.Rows, without[block].Rows);
            Assert.Equal(exact.Mean, without[block].Mean, Rounding);
            Assert.Equal(exact.StandardDeviation, without[block].StandardDeviation, Rounding);
        }
    }

    [Fact]
    public void Moments_around_the_mean_row_are_those_of_centred_rows()
    {
        using var scope = NewDisposeScope();
        var rows = RandomMatrix.Normal(40, 5, seed: 2).ToTensor() + 3;
        var mean = rows.mean([0L]);
        Assert.Equal(RowCosines.Moments(rows - mean).StandardDeviation, RowCosines.MomentsAround(rows, mean).StandardDeviation, Rounding);
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
        using var single = rows.to(ScalarType.Float32);
        var moments = GramMoments.Of(single, ScalarType.Float32, null, null, default);
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
