using Interp.Analysis.Circles.Mixture;
using Interp.Compute.Statistics;

namespace Interp.Analysis.Tests.Circles.Mixture;

public sealed class SpaceMixtureTests
{
    [Fact]
    public void A_hidden_slab_is_found_in_four_dimensions()
    {
        // 60 % of the points within ±0.02 of a plane at distance 1 along a slanted normal, the rest anywhere.
        var random = new SplitMix64(3);
        double[] normal = [0.5, -0.5, 0.7, 0.1];
        var points = new double[600, 4];
        for (var i = 0; i < 600; i++)
        {
            double[] point = [.. normal.Select(_ => 2 * random.NextNormal())];
            var along = point.Zip(normal, (a, b) => a * b).Sum();
            var wanted = i < 360 ? 1 + (0.04 * (random.NextDouble() - 0.5)) : along;
            for (var axis = 0; axis < 4; axis++)
            {
                points[i, axis] = point[axis] + ((wanted - along) * normal[axis]);
            }
        }

        var band = SpaceMixture.Measure(points);
        Assert.True(band.Share >= 0.6, $"{band.Share}");
        Assert.False(band.IsLowerDimensional);
        Assert.True(Math.Abs(band.Direction.Zip(normal, (a, b) => a * b).Sum()) > 0.99);
        Assert.Equal(1, band.Direction.Sum(v => v * v), 1e-9);
        Assert.Equal(band.Share, Inside(points, band), 1e-12);
    }

    [Fact]
    public void In_a_plane_it_agrees_with_the_scan_of_directions()
    {
        foreach (var name in new[] { "cross_axes", "ngon7_noise_0.1", "gauss_iso" })
        {
            var cloud = ReferenceClouds.Cloud(name);
            var points = new double[cloud.Count, 2];
            for (var i = 0; i < cloud.Count; i++)
            {
                (points[i, 0], points[i, 1]) = (cloud.X[i], cloud.Y[i]);
            }

            Assert.Equal(MixtureIndex.MeasureFullest(cloud, 360, 0.1, default).Share, SpaceMixture.Measure(points).Share, 0.004);
        }
    }

    [Fact]
    public void Points_in_a_hyperplane_have_the_largest_index()
    {
        var random = new SplitMix64(1);
        var points = new double[50, 3];
        for (var i = 0; i < 50; i++)
        {
            (points[i, 0], points[i, 1]) = (random.NextNormal(), random.NextNormal());
            points[i, 2] = points[i, 0] - points[i, 1] + 4;
        }

        var band = SpaceMixture.Measure(points);
        Assert.Equal((1, true), (band.Share, band.IsLowerDimensional));
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(-band.Offset, Enumerable.Range(0, 3).Sum(axis => band.Direction[axis] * points[i, axis]), 1e-9);
        }
    }

    [Fact]
    public void The_same_seed_finds_the_same_band()
    {
        var random = new SplitMix64(1);
        var points = new double[80, 5];
        for (var i = 0; i < 400; i++)
        {
            points[i / 5, i % 5] = random.NextNormal();
        }

        var (one, other) = (SpaceMixture.Measure(points, seed: 2), SpaceMixture.Measure(points, seed: 2));
        Assert.Equal(one.Direction, other.Direction);
        Assert.Equal((one.Share, one.Offset), (other.Share, other.Offset));
    }

    private static double Inside(double[,] points, SpaceBand band)
    {
        double[] z = [.. Enumerable.Range(0, points.GetLength(0)).Select(i => band.Offset + Enumerable.Range(0, band.Direction.Length).Sum(axis => band.Direction[axis] * points[i, axis]))];
        var width = 0.1 * Math.Sqrt(z.Average(v => v * v));
        return (double)z.Count(v => Math.Abs(v) < width) / z.Length;
    }
}
