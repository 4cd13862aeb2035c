using Interp.Analysis.Circles;
using Interp.Analysis.Circles.Mixture;

namespace Interp.Analysis.Tests.Circles.Mixture;

public sealed class MixtureIndexTests
{
    /// <summary>Two of 4096 points: the reference table's own tolerance on the same directions.</summary>
    private const double SameGrid = 5e-4;

    /// <summary>Sampling error of 4096 quasi-random points against an infinite cloud.</summary>
    private const double ClosedForm = 0.008;

    public static TheoryData<string> Names => [.. ReferenceClouds.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Index_matches_the_reference_on_the_same_directions(string name) =>
        Assert.Equal(ReferenceTable.Value(name, "M"), MixtureIndex.MeasureFullest(ReferenceClouds.Cloud(name), 3600, 0.1, default).Share, SameGrid);

    [Theory]
    [InlineData("gauss_iso", "M_gaussian_c0")]
    [InlineData("circle_exact", "M_circle_sup")]
    [InlineData("uniform_square", "M_square_sup")]
    [InlineData("cross_axes", "M_cross")]
    public void Index_is_near_the_closed_form(string name, string form) =>
        Assert.Equal(ReferenceTable.ClosedForm(form), MixtureIndex.Measure(ReferenceClouds.Cloud(name), 360).Share, ClosedForm);

    [Fact]
    public void The_best_band_of_a_circle_lies_at_its_rim()
    {
        var score = MixtureIndex.Measure(ReferenceClouds.Cloud("circle_exact"), 360);
        Assert.Equal(ReferenceTable.ClosedForm("M_circle_argmax_abs_c"), Math.Abs(score.Offset), 2e-3);
        Assert.Equal(0.1 * Math.Sqrt(0.5 + (score.Offset * score.Offset)), score.HalfWidth, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_reported_band_holds_the_reported_share(string name)
    {
        var cloud = ReferenceClouds.Cloud(name);
        var score = MixtureIndex.Measure(cloud, 90);
        var (sine, cosine) = Math.SinCos(score.Direction);
        double[] values = [.. cloud.X.Zip(cloud.Y, (x, y) => (x * cosine) + (y * sine) + score.Offset)];
        var width = score.Epsilon * Math.Sqrt(values.Average(v => v * v));

        // Points of a line have no distance from it but rounding.
        var inside = values.Count(v => Math.Abs(v) < Math.Max(width, 1e-12));
        Assert.Equal(score.Share, (double)inside / cloud.Count, 1e-12);
        Assert.Equal(score.HalfWidth, width, 1e-9);
    }

    [Fact]
    public void One_direction_agrees_with_trying_every_window()
    {
        var random = new Random(5);
        for (var trial = 0; trial < 20; trial++)
        {
            double[] z = [.. Enumerable.Range(0, 60).Select(_ => Math.Round(random.NextDouble() * 4, trial % 2 == 0 ? 1 : 15))];
            var mean = z.Average();
            z = [.. z.Select(v => v - mean)];
            var variance = z.Average(v => v * v);
            var found = new BandCounter(z.Length, 0.1).Best(z).Inside;

            // The count only changes at ends of intervals; between neighbouring ends every centre holds the same points.
            double[] ends = [.. z.SelectMany(v => Ends(v, variance)).Order()];
            var best = ends.Zip(ends.Skip(1), (a, b) => (a + b) / 2).Max(m => z.Count(v => Math.Abs(v - m) < 0.1 * Math.Sqrt(variance + (m * m))));
            Assert.Equal(best, found);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Giving_up_hopeless_directions_changes_nothing_that_is_found(string name)
    {
        var cloud = ReferenceClouds.Cloud(name);
        foreach (var directions in new[] { 1, 24, 360 })
        {
            var whole = MixtureIndex.Measure(cloud, directions);
            Assert.Equal(whole with { Shares = [] }, MixtureIndex.MeasureFullest(cloud, directions, 0.1, default) with { Shares = [] }, Same);
        }
    }

    [Theory]
    [InlineData("gauss_iso")]
    [InlineData("circle_exact")]
    [InlineData("lattice")]
    [InlineData("cross_axes")]
    [InlineData("mix_30gauss_60line_10line")]
    public void Bounds_of_intervals_hold_for_every_direction_in_them(string name)
    {
        var cloud = ReferenceClouds.Cloud(name).Centred();
        var counter = new BandCounter(cloud.Count, 0.1);
        var bound = new DirectionBound(cloud, 0.1);
        foreach (var spread in new[] { 0, 0.002, 0.02, 0.3 })
        {
            for (var angle = 0.1; angle < Math.PI; angle += 0.6)
            {
                double[] inside = [angle - spread, angle - (spread / 3), angle, angle + (0.7 * spread), angle + spread];
                double Variance(double direction) => cloud.X.Zip(cloud.Y, (x, y) => (x * Math.Cos(direction)) + (y * Math.Sin(direction))).Average(z => z * z);
                var atMost = bound.AtMost(angle, spread, Enumerable.Range(-50, 101).Max(i => Variance(angle + (spread * i / 50))));
                Assert.All(inside, direction => Assert.True(atMost >= counter.Best(cloud, direction).Inside));
            }
        }
    }

    [Fact]
    public void The_coarse_count_bounds_the_exact_one()
    {
        var random = new Random(2);
        for (var trial = 0; trial < 200; trial++)
        {
            // Uneven clouds with ties and far points, small and large.
            var decimals = trial % 3;
            double[] z = [.. Enumerable.Range(0, 5 + (trial * 7)).Select(i => Math.Round(Math.Pow(random.NextDouble() - 0.5, 1 + (2 * (i % 3))) * 20, decimals * 3))];
            var mean = z.Average();
            z = [.. z.Select(v => v - mean)];
            var counter = new BandCounter(z.Length, 0.02 + (0.3 * random.NextDouble()));
            var inside = counter.Best(z).Inside;
            Assert.True(counter.UpperBound(z.Min(), z.Max(), z.Average(v => v * v)) >= inside);
        }
    }

    [Fact]
    public void Scaling_turning_and_shifting_do_not_change_the_index()
    {
        var cloud = ReferenceClouds.Cloud("ngon12_noise_0.1");
        var (sine, cosine) = Math.SinCos(20 * Math.PI / 360);
        double[] x = [.. cloud.X.Zip(cloud.Y, (a, b) => (4 * ((a * cosine) - (b * sine))) + 7)];
        double[] y = [.. cloud.X.Zip(cloud.Y, (a, b) => (4 * ((a * sine) + (b * cosine))) - 2)];
        var (before, after) = (MixtureIndex.Measure(cloud, 360), MixtureIndex.Measure(PlaneCloud.FromColumns(x, y), 360));
        Assert.Equal(before.Share, after.Share, SameGrid);
        Assert.Equal(4 * before.HalfWidth, after.HalfWidth, 1e-9);
    }

    [Fact]
    public void Clouds_without_area_have_the_largest_index()
    {
        var line = MixtureIndex.Measure(ReferenceClouds.Cloud("line_1d"));
        Assert.True(line.IsLowerDimensional);
        Assert.Equal(1, line.Share);
        Assert.Equal(Math.Atan2(1, -2), line.Direction, 1e-12);
        Assert.Equal(1, MixtureIndex.Measure(PlaneCloud.FromColumns([1, 1, 1], [2, 2, 2])).Share);
        Assert.Equal(1, MixtureIndex.Measure(PlaneCloud.FromColumns([1, 2, 3], [2, 2, 2])).Share);
    }

    [Fact]
    public void A_crowded_cloud_is_counted_as_well_as_an_even_one()
    {
        // One far point puts all others into one bucket.
        var random = new Random(1);
        double[] z = [1e9, .. Enumerable.Range(0, 500).Select(_ => random.NextDouble())];
        var mean = z.Average();
        Assert.Equal(500, new BandCounter(z.Length, 0.1).Best([.. z.Select(v => v - mean)]).Inside);
    }

    [Fact]
    public void Cancelling_stops_the_measurement()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => MixtureIndex.Measure(ReferenceClouds.Cloud("lattice"), cancellation: source.Token));
    }

    private static bool Same(MixtureScore one, MixtureScore other) =>
        (one.Share, one.Direction, one.Offset, one.HalfWidth, one.IsLowerDimensional) == (other.Share, other.Direction, other.Offset, other.HalfWidth, other.IsLowerDimensional);

    private static double[] Ends(double z, double variance)
    {
        var half = 0.1 * Math.Sqrt((z * z) + (0.99 * variance));
        return [(z - half) / 0.99, (z + half) / 0.99];
    }
}
