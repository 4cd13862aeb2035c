using Interp.Analysis.Circles;
using Interp.Analysis.Circles.Separability;
using Interp.Compute;

namespace Interp.Analysis.Tests.Circles.Separability;

public sealed class SeparabilityIndexTests
{
    /// <summary>Points on cell edges may fall to either side.</summary>
    private const double EdgeTies = 1e-3;

    public static TheoryData<string> Names => [.. ReferenceClouds.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Index_of_the_published_ranking_matches_the_reference(string name)
    {
        var score = SeparabilityIndex.Measure(ReferenceClouds.Cloud(name));
        Assert.Equal(ReferenceTable.Value(name, "S10"), score.Bits, EdgeTies);
        Assert.Equal(ReferenceTable.Value(name, "S10_max"), score.MaximumBits, EdgeTies);
        Assert.Equal(score.Bits, score.Information[Array.IndexOf(score.Angles, score.Angle)]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bias_corrected_index_matches_the_reference(string name) => Assert.Equal(
        ReferenceTable.Value(name, "S10_MM"),
        SeparabilityIndex.Measure(ReferenceClouds.Cloud(name), SeparabilityEstimator.MillerMadow).Bits,
        EdgeTies);

    [Theory]
    [MemberData(nameof(Names))]
    public void Figure_variants_match_the_reference(string name)
    {
        // The table was made with 250 angles.
        foreach (var (estimator, column) in new[] { (SeparabilityEstimator.Demo, "Sdemo"), (SeparabilityEstimator.DemoRms, "Sdemo_rms") })
        {
            var recipe = SeparabilityRecipe.Of(estimator) with { Angles = [.. Enumerable.Range(0, 250).Select(i => 2 * Math.PI * i / 250)] };
            var cloud = SeparabilityRecipe.Prepare(ReferenceClouds.Cloud(name), estimator);
            var score = SeparabilityIndex.MeasurePrepared(cloud, estimator, recipe, 0, 0, CancellationToken.None);
            Assert.Equal(ReferenceTable.Value(name, column), score.Bits, EdgeTies);
        }
    }

    [Fact]
    public void Fast_angles_find_the_same_minimum_to_a_hundredth_of_a_bit()
    {
        foreach (var name in ReferenceClouds.Names.Where(name => name is not "lattice"))
        {
            var fast = SeparabilityIndex.Measure(ReferenceClouds.Cloud(name), SeparabilityEstimator.Fast);
            Assert.True(Math.Abs(ReferenceTable.Value(name, "S10") - fast.Bits) < 0.05, $"{name}: {fast.Bits}");
        }
    }

    [Fact]
    public void A_circle_scores_the_same_at_every_angle()
    {
        var information = SeparabilityIndex.Measure(ReferenceClouds.Cloud("circle_exact")).Information;
        Assert.True(information.Max() - information.Min() <= 0.002);
    }

    [Fact]
    public void Scaling_and_shifting_do_not_change_the_index()
    {
        var cloud = ReferenceClouds.Cloud("ngon7_noise_0.1");
        var moved = PlaneCloud.FromColumns([.. cloud.X.Select(x => (8 * x) + 3)], [.. cloud.Y.Select(y => (8 * y) - 5)]);
        Assert.Equal(SeparabilityIndex.Measure(cloud).Bits, SeparabilityIndex.Measure(moved).Bits, EdgeTies);
    }

    [Fact]
    public void The_histogram_counts_like_a_plain_one()
    {
        var cloud = ReferenceClouds.Cloud("disk_uniform");
        var score = SeparabilityIndex.Measure(cloud);
        foreach (var j in new[] { 0, 17, 58, 99 })
        {
            Assert.Equal(PlainInformation(cloud, score.Angles[j]), score.Information[j], 1e-9);
        }
    }

    [Fact]
    public void Shuffled_coordinates_keep_only_the_bias_of_the_histogram()
    {
        var score = SeparabilityIndex.Measure(ReferenceClouds.Cloud("circle_exact"), nullDraws: 20);
        var bias = ReferenceTable.ClosedForm("MI_plugin_bias_10bins_N4096");

        // The minimum over angles lies below the mean bias, by a few of its standard deviations √(2·81)/(2n ln 2).
        var deviation = Math.Sqrt(2 * 81) / (2 * ReferenceClouds.Points * Math.Log(2));
        Assert.InRange(score.NullMean!.Value, bias - (4 * deviation), bias);
        Assert.InRange(score.NullQuantile95!.Value, score.NullMean.Value, bias + deviation);
    }

    [Fact]
    public void The_same_seed_gives_the_same_null_and_another_seed_another()
    {
        var cloud = ReferenceClouds.Cloud("two_rings_r1_r2");
        double Null(long seed) => SeparabilityIndex.Measure(cloud, nullDraws: 5, seed: seed).NullMean!.Value;
        Assert.Equal(Null(3), Null(3));
        Assert.NotEqual(Null(3), Null(4));
    }

    [Fact]
    public void A_radius_leaves_out_points_near_the_origin()
    {
        var cloud = ReferenceClouds.Cloud("two_rings_r1_r2");
        Assert.Equal(ReferenceClouds.Points / 2, SeparabilityIndex.Measure(cloud, radius: 1.5).Points);
        Assert.Contains("farther than 5", Assert.Throws<InterpException>(() => SeparabilityIndex.Measure(cloud, radius: 5)).Message, StringComparison.Ordinal);

        // A radius of zero leaves out exact zeros, as the published code does.
        var withZeros = PlaneCloud.FromColumns([0, 1, 2, 0], [0, 5, 1, 3]);
        Assert.Equal(3, SeparabilityIndex.Measure(withZeros, radius: 0).Points);
        Assert.Equal(4, SeparabilityIndex.Measure(withZeros).Points);
    }

    [Fact]
    public void Clouds_without_extent_carry_no_information()
    {
        var same = PlaneCloud.FromColumns([3, 3, 3], [1, 1, 1]);
        foreach (var estimator in new[] { SeparabilityEstimator.PaperRanking, SeparabilityEstimator.Demo, SeparabilityEstimator.DemoRms })
        {
            Assert.Equal(0, SeparabilityIndex.Measure(same, estimator).Bits, 1e-12);
        }
    }

    [Fact]
    public void Cancelling_stops_the_measurement()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => SeparabilityIndex.Measure(ReferenceClouds.Cloud("lattice"), cancellation: source.Token));
    }

    private static double PlainInformation(PlaneCloud cloud, double angle)
    {
        var (sine, cosine) = Math.SinCos(angle);
        double[] u = [.. cloud.X.Zip(cloud.Y, (x, y) => (x * cosine) + (y * sine))];
        double[] v = [.. cloud.X.Zip(cloud.Y, (x, y) => (-x * sine) + (y * cosine))];
        static int Cell(double value, double low, double high) => Math.Min(9, Enumerable.Range(1, 9).Count(k => value >= low + (k * (high - low) / 10)));
        var (lowU, highU, lowV, highV) = (u.Min(), u.Max(), v.Min(), v.Max());
        var cells = u.Zip(v, (a, b) => (Row: Cell(a, lowU, highU), Column: Cell(b, lowV, highV))).ToArray();
        var n = (double)cells.Length;
        var rows = cells.CountBy(cell => cell.Row).ToDictionary();
        var columns = cells.CountBy(cell => cell.Column).ToDictionary();
        return cells.CountBy(cell => cell).Sum(cell => cell.Value / n * Math.Log2(cell.Value * n / (rows[cell.Key.Row] * (double)columns[cell.Key.Column])));
    }
}
