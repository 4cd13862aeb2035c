using Interp.Compute.Kernels.Cosines;
using Interp.Compute.LinearAlgebra;
using Interp.Compute.Tests.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Compute.Tests.Kernels.Cosines;

/// <summary>The pass over all pairs against a double loop in float64; derived once a version.</summary>
public abstract class CosineHistogramTests
{
    /// <summary>Rows are rounded to float32 and products accumulated in float32.</summary>
    private const double Rounding = 1e-6;

    private readonly CosineBackend _backend;

    internal CosineHistogramTests(CosineBackend backend) => _backend = backend;

    [Theory]
    [InlineData(2, 1, 16, 1024)]
    [InlineData(97, 5, 64, 1024)]
    [InlineData(130, 33, 512, 37)]
    [InlineData(64, 16, 8192, 16)]
    public void Counts_extremes_and_nearest_rows_are_those_of_a_double_loop(int rows, int width, int bins, int tileRows)
    {
        var matrix = RandomMatrix.Normal(rows, width, seed: rows);
        const double Threshold = 0.2;
        using var tensor = matrix.ToTensor();
        var options = new CosineOptions { Backend = _backend, Bins = bins, TileRows = tileRows, Threshold = Threshold };
        var histogram = RowCosines.Histogram(tensor, options);
        var cosines = BruteForce.Cosines(matrix);
        var pairs = BruteForce.Pairs(cosines);

        Assert.Equal((long)rows * (rows - 1) / 2, histogram.Counts.Sum());
        AssertCumulative(pairs, histogram);
        Assert.Equal(pairs.Min(), histogram.Minimum, Rounding);
        Assert.Equal(pairs.Max(), histogram.Maximum, Rounding);
        Assert.InRange(histogram.Above, pairs.Count(c => c > Threshold + Rounding), pairs.Count(c => c > Threshold - Rounding));
        Assert.InRange(histogram.MagnitudeAbove, pairs.Count(c => Math.Abs(c) > Threshold + Rounding), pairs.Count(c => Math.Abs(c) > Threshold - Rounding));
        for (var row = 0; row < rows; row++)
        {
            var others = Enumerable.Range(0, rows).Where(other => other != row);
            Assert.Equal(others.Max(other => cosines[row, other]), histogram.NearestCosine[row], Rounding);
            Assert.Equal(histogram.NearestCosine[row], cosines[row, histogram.Nearest[row]], Rounding);
        }
    }

    [Fact]
    public void Rows_without_a_direction_are_left_out_and_the_first_of_equal_rows_is_nearest()
    {
        using var rows = tensor(new float[,] { { 0, 0 }, { 2, 0 }, { 0, 1 }, { 1, 0 }, { 3, 0 }, { 0, 0 }, { 1e-30f, 0 } });
        var histogram = RowCosines.Histogram(rows, new CosineOptions { Backend = _backend, Bins = 4, Threshold = 0.5 });
        Assert.Equal(5, histogram.Rows);
        Assert.Equal([0, 0, 4, 6], histogram.Counts);
        Assert.Equal(6, histogram.Above);
        Assert.Equal([-1, 3, 1, 1, 1, -1, 1], histogram.Nearest);
        Assert.True(double.IsNaN(histogram.NearestCosine[0]));
    }

    [Fact]
    public void Opposite_and_equal_rows_fall_in_the_outermost_bins()
    {
        using var rows = tensor(new float[,] { { 1, 2, 3 }, { -1, -2, -3 }, { 2, 4, 6 } });
        var histogram = RowCosines.Histogram(rows, new CosineOptions { Backend = _backend, Bins = 8 });
        Assert.Equal(2, histogram.Counts[0]);
        Assert.Equal(1, histogram.Counts[7]);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var rows = rand(70, 4);
        LiveTensors.AssertNoGrowth(() => RowCosines.Histogram(rows, new CosineOptions { Backend = _backend, TileRows = 32 }));
    }

    [Fact]
    public void A_cancelled_pass_stops()
    {
        using var rows = rand(70, 4);
        Assert.Throws<OperationCanceledException>(() => RowCosines.Histogram(rows, new CosineOptions { Backend = _backend }, null, new CancellationToken(true)));
    }

    /// <summary>Up to every edge, as many pairs as lie below it, but for those within rounding of the edge.</summary>
    private static void AssertCumulative(double[] pairs, CosineHistogram histogram)
    {
        var below = 0L;
        for (var edge = 1; edge < histogram.Counts.Count; edge++)
        {
            below += histogram.Counts[edge - 1];
            var at = -1 + (edge * histogram.BinWidth);
            Assert.InRange(below, pairs.Count(c => c < at - Rounding), pairs.Count(c => c < at + Rounding));
        }
    }
}

/// <summary>Plain torch operations.</summary>
public sealed class ReferenceCosineHistogramTests() : CosineHistogramTests(CosineBackend.Reference);

/// <summary>SIMD and threads.</summary>
public sealed class CpuCosineHistogramTests() : CosineHistogramTests(CosineBackend.Cpu);

/// <summary>The ILGPU kernels on ILGPU's accelerator for the CPU.</summary>
public sealed class GpuCosineHistogramTests() : CosineHistogramTests(CosineBackend.Gpu);
