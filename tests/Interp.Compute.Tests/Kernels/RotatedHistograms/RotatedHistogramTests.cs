using Interp.Compute.Kernels.RotatedHistograms;
using Interp.Compute.Statistics;
using Interp.Compute.Tests.LinearAlgebra;

namespace Interp.Compute.Tests.Kernels.RotatedHistograms;

/// <summary>Every version against plain loops in float64.</summary>
public abstract class RotatedHistogramTests(RotationBackend backend)
{
    private static readonly double[] s_angles = [.. Enumerable.Range(0, 12).Select(i => 2 * Math.PI * i / 11)];

    [Theory]
    [InlineData(1, 10)]
    [InlineData(7, 10)]
    [InlineData(64, 3)]
    [InlineData(1037, 10)]
    [InlineData(2500, 40)]
    public void Counts_are_those_of_plain_loops(int points, int bins)
    {
        var random = SplitMix64.ForStream(points, "cloud");
        double[] x = [.. Enumerable.Range(0, points).Select(_ => random.NextNormal())];
        double[] y = [.. x.Select(value => (0.5 * value) + random.NextNormal())];
        Assert.Equal(Plain(x, y, bins), RotatedHistogram.Count(x, y, s_angles, bins, backend));
    }

    [Fact]
    public void Points_on_edges_and_ties_fall_as_they_do_in_plain_loops()
    {
        double[] x = [.. Enumerable.Range(0, 600).Select(i => (double)(i % 11))];
        double[] y = [.. Enumerable.Range(0, 600).Select(i => (double)(i / 11 % 11))];
        Assert.Equal(Plain(x, y, 10), RotatedHistogram.Count(x, y, s_angles, 10, backend));
    }

    [Fact]
    public void A_cloud_without_extent_is_in_one_cell()
    {
        var counts = RotatedHistogram.Count([3, 3, 3], [-1, -1, -1], [0, 1], 4, backend);
        Assert.Equal([3, 3], counts.Where(count => count > 0));
        Assert.Equal(3, counts[0]);
    }

    [Fact]
    public void Numbers_of_any_size_are_counted()
    {
        var random = SplitMix64.ForStream(1, "cloud");
        double[] x = [.. Enumerable.Range(0, 100).Select(_ => random.NextNormal() * 1e140)];
        double[] y = [.. Enumerable.Range(0, 100).Select(_ => random.NextNormal() * 1e-140)];
        Assert.Equal(Plain(x, y, 10), RotatedHistogram.Count(x, y, s_angles, 10, backend));
    }

    [Fact]
    public void Hostile_input_is_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => RotatedHistogram.Count([1, 2], [1], s_angles, 10, backend));
        Assert.ThrowsAny<ArgumentException>(() => RotatedHistogram.Count([], [], s_angles, 10, backend));
        Assert.ThrowsAny<ArgumentException>(() => RotatedHistogram.Count([1], [1], s_angles, 0, backend));
        Assert.ThrowsAny<ArgumentException>(() => RotatedHistogram.Count([1], [1], s_angles, 256, backend));
        Assert.ThrowsAny<OperationCanceledException>(() => RotatedHistogram.Count([1], [1], s_angles, 2, backend, new CancellationToken(true)));
    }

    [Fact]
    public void No_tensor_is_left_behind() => LiveTensors.AssertNoGrowth(() => RotatedHistogram.Count([1, 2, 3], [2, 1, 5], s_angles, 3, backend));

    private static int[] Plain(double[] x, double[] y, int bins)
    {
        var counts = new int[s_angles.Length * bins * bins];
        for (var angle = 0; angle < s_angles.Length; angle++)
        {
            var (sine, cosine) = Math.SinCos(s_angles[angle]);
            double[] first = [.. x.Zip(y, (a, b) => (cosine * a) + (sine * b))];
            double[] second = [.. x.Zip(y, (a, b) => (-sine * a) + (cosine * b))];
            var (binsOfFirst, binsOfSecond) = (Bins(first), Bins(second));
            int[] Bins(double[] values)
            {
                var (low, high) = (values.Min(), values.Max());
                return [.. values.Select(value => high > low ? Math.Min((int)((value - low) * (bins / (high - low))), bins - 1) : 0)];
            }

            for (var i = 0; i < x.Length; i++)
            {
                counts[(((angle * bins) + binsOfFirst[i]) * bins) + binsOfSecond[i]]++;
            }
        }

        return counts;
    }
}
