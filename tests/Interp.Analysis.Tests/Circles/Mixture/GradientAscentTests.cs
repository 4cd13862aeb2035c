using Interp.Analysis.Circles;
using Interp.Analysis.Circles.Mixture;

namespace Interp.Analysis.Tests.Circles.Mixture;

public sealed class GradientAscentTests
{
    /// <summary>The reference ran in float32, and near-equal optima may be left at slightly different points.</summary>
    private const double ReferenceTolerance = 0.006;

    [Theory]
    [InlineData("circle_exact")]
    [InlineData("cross_axes")]
    public void The_published_search_ends_where_the_reference_did(string name)
    {
        var cloud = ReferenceClouds.Cloud(name);
        Assert.Equal(ReferenceTable.Value(name, "M_gd_T1"), BestOfSix(cloud), ReferenceTolerance);
    }

    [Fact]
    public void It_never_finds_more_than_the_exact_index()
    {
        foreach (var name in new[] { "circle_exact", "disk_uniform", "lattice" })
        {
            var cloud = ReferenceClouds.Cloud(name);
            Assert.True(GradientAscent.Climb(cloud, (1, 0.3), 0.1, 60, true, default).Hard <= ReferenceTable.Value(name, "M") + 0.002);
        }
    }

    [Fact]
    public void Every_step_follows_the_slope_of_the_smooth_count()
    {
        var cloud = PlaneCloud.FromColumns([1, -0.5, 0.2, 2, -1.2], [0.3, 1, -0.7, 0.1, 0.6]);
        var moved = GradientAscent.Climb(cloud, (0.8, -0.4), 0.1, 1, false, default);

        // One step of rate 0.1 is a tenth of the gradient; compare with differences of the count itself.
        Assert.Equal(Difference(d => Soft(cloud, 0.8 + d, -0.4, 0)), (moved.A - 0.8) / 0.1, 1e-6);
        Assert.Equal(Difference(d => Soft(cloud, 0.8, -0.4 + d, 0)), (moved.B + 0.4) / 0.1, 1e-6);
        Assert.Equal(Difference(d => Soft(cloud, 0.8, -0.4, d)), moved.C / 0.1, 1e-6);
    }

    [Fact]
    public void A_run_reports_the_band_it_counted_and_repeats_itself()
    {
        var whole = ReferenceClouds.Cloud("cross_axes");
        var cloud = PlaneCloud.FromColumns([.. whole.X.Take(40)], [.. whole.Y.Take(40)]);
        for (var seed = 0; seed < 2; seed++)
        {
            var score = MixtureIndex.Measure(cloud, MixtureEstimator.GradientT1, seed: seed);
            Assert.Equal(score, MixtureIndex.Measure(cloud, MixtureEstimator.GradientT1, seed: seed) with { Shares = score.Shares });
            Assert.InRange(score.Direction, 0, Math.PI);
            var (sine, cosine) = Math.SinCos(score.Direction);
            var inside = cloud.X.Zip(cloud.Y, (x, y) => (x * cosine) + (y * sine) + score.Offset).Count(z => Math.Abs(z) < score.HalfWidth);
            Assert.Equal(score.Share, inside / 40.0, 1e-12);
        }
    }

    private static double BestOfSix(PlaneCloud cloud) => Enumerable.Range(0, 6).AsParallel()
        .Max(j => GradientAscent.Climb(cloud, (Math.Cos(j * Math.PI / 6), Math.Sin(j * Math.PI / 6)), 0.1, 1500, false, default).Hard);

    private static double Difference(Func<double, double> count) => (count(1e-5) - count(-1e-5)) / 2e-5;

    private static double Soft(PlaneCloud cloud, double a, double b, double c)
    {
        double[] z = [.. cloud.X.Zip(cloud.Y, (x, y) => (a * x) + (b * y) + c)];
        var rms = Math.Sqrt(z.Average(v => v * v));
        return z.Average(v => 1 / (1 + Math.Exp((Math.Abs(v) / rms) - 0.1)));
    }
}
