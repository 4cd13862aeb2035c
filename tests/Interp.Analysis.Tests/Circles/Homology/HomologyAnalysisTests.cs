using Interp.Analysis.Circles.Homology;
using Interp.Compute;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Homology;

public sealed class HomologyAnalysisTests
{
    /// <summary>Lengths are rounded to 1e-9 of the largest.</summary>
    private const double Rounding = 2.5e-9;

    private static readonly HomologyOptions s_options = new();

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(15)]
    [InlineData(31)]
    [InlineData(59)]
    [InlineData(113)]
    public void A_regular_polygon_has_the_one_bar_of_its_closed_form(int n)
    {
        using var points = Polygon(n, 1);
        var result = HomologyAnalysis.Run(points, s_options with { Modulus = n });
        var bar = Assert.Single(result.Bars);
        Assert.Equal(ReferenceTable.ClosedForm($"VR_H1_birth_n{n}"), bar.Birth, Rounding);
        Assert.Equal(ReferenceTable.ClosedForm($"VR_H1_death_n{n}"), bar.Death, Rounding);
        Assert.Equal(bar.Birth, result.Polygon!.Birth, Rounding);
        Assert.Equal(bar.Death, result.Polygon.Death, Rounding);
        Assert.Equal(n > 6, result.IsCircle);
        Assert.Equal(n <= 6, result.Warnings.Length == 1);
        Assert.Equal(1, result.Fit!.Frequency);
        Assert.Equal(1, result.Fit.AngleCorrelation, 1e-9);
    }

    [Fact]
    public void Places_follow_the_frequency_at_which_residues_go_round()
    {
        using var points = Polygon(31, 12);
        var fit = HomologyAnalysis.Run(points, s_options with { Modulus = 31 }).Fit!;
        Assert.Equal(12, fit.Frequency);
        Assert.Equal(1, fit.AngleCorrelation, 1e-9);
        Assert.True(fit.IsOrdered);
    }

    [Fact]
    public void A_line_has_no_loop_and_a_square_grid_has_nine()
    {
        using var line = tensor(Enumerable.Range(0, 40).Select(i => 0.3 * i).ToArray()).unsqueeze(1);
        Assert.Empty(HomologyAnalysis.Run(line, s_options).Bars);

        using var grid = tensor(Enumerable.Range(0, 16).SelectMany(i => new double[] { i / 4, i % 4 }).ToArray()).reshape(16, 2);
        var result = HomologyAnalysis.Run(grid, s_options);
        Assert.Equal(9, result.BarCount);
        Assert.All(result.Bars, bar => Assert.True(Math.Abs(bar.Birth - 1) < Rounding * 5 && Math.Abs(bar.Death - Math.Sqrt(2)) < Rounding * 5));
        Assert.False(result.IsCircle);
    }

    [Theory]
    [InlineData(8, 2)]
    [InlineData(11, 2)]
    [InlineData(12, 3)]
    [InlineData(13, 2)]
    public void Bars_are_those_of_the_plain_boundary_matrix(int count, int width)
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = SplitMix64.ForStream(seed, "cloud");
            double[][] points = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, width).Select(_ => random.NextNormal()).ToArray())];
            var bars = new RipsCohomology(new RipsFiltration(points), 2, CancellationToken.None).Bars;
            var odd = new RipsCohomology(new RipsFiltration(points), 47, CancellationToken.None).Bars;
            var plain = PlainHomology.Bars(points);
            Assert.Equal(plain.Count, bars.Count);
            Assert.All(plain.OrderByDescending(bar => bar.Death - bar.Birth), (bar, i) =>
            {
                Assert.Equal(bar.Birth, bars[i].Bar.Birth, 1e-7);
                Assert.Equal(bar.Death, bars[i].Bar.Death, 1e-7);
                Assert.Equal(bars[i].Bar, odd[i].Bar);
            });
        }
    }

    [Fact]
    public void A_noisy_circle_of_many_points_is_one_by_its_landmarks()
    {
        using var scope = NewDisposeScope();
        var circle = ReferenceClouds.Cloud("circle_noise_0.1");
        var result = HomologyAnalysis.Run(stack([tensor(circle.X), tensor(circle.Y)], 1), s_options with { Landmarks = 60 });
        Assert.True(result.IsCircle);
        Assert.True(result.AreLandmarks);
        Assert.Equal(60, result.Points);
        Assert.InRange(result.CoveringRadius, 0.01, 0.3);
        var spread = result.PointRows.Select((row, i) => Math.Atan2(circle.Y[row], circle.X[row]) - result.CircularCoordinates[i]).ToArray();
        var turned = result.PointRows.Select((row, i) => Math.Atan2(circle.Y[row], circle.X[row]) + result.CircularCoordinates[i]).ToArray();
        double Resultant(double[] angles) => Math.Sqrt(Math.Pow(angles.Average(Math.Cos), 2) + Math.Pow(angles.Average(Math.Sin), 2));
        Assert.True(Math.Max(Resultant(spread), Resultant(turned)) > 0.95);

        var gaussian = ReferenceClouds.Cloud("gauss_iso");
        Assert.False(HomologyAnalysis.Run(stack([tensor(gaussian.X), tensor(gaussian.Y)], 1), s_options with { Landmarks = 60 }).IsCircle);
    }

    [Fact]
    public void Pairs_are_averaged_by_the_label_of_their_sum()
    {
        const int P = 9;
        using var scope = NewDisposeScope();
        var (a, b) = (arange(P * P, ScalarType.Float64).floor_divide(P), arange(P * P, ScalarType.Float64).remainder(P));
        var angle = 2 * Math.PI * (a + b) / P;
        var result = HomologyAnalysis.Run(stack([angle.cos(), angle.sin(), a - a.mean()], 1), s_options with { Modulus = P, Pairs = true, Components = 2 });
        Assert.Equal(P, result.Points);
        Assert.True(result.IsCircle);
        Assert.Equal(1, result.Fit!.Frequency);
    }

    [Fact]
    public void Degenerate_clouds_have_no_loop_or_are_refused()
    {
        using var scope = NewDisposeScope();
        foreach (var (cloud, points) in new[] { (ones(30, 3), 1), (zeros(5, 1), 1), (tensor(new[,] { { 0.0, 1 }, { 2, 3 }, { 0, 1 } }), 2), (ones(1, 2), 1), (eye(3), 3) })
        {
            var result = HomologyAnalysis.Run(cloud, s_options);
            Assert.Empty(result.Bars);
            Assert.Null(result.Longest);
            Assert.False(result.IsCircle);
            Assert.Equal(points, result.Points);
            Assert.Contains(result.Warnings, line => line.Contains("have no loop", StringComparison.Ordinal));
            Assert.Equal(2, HomologyFigures.Draw(result).Count);
        }

        string Refusal(Tensor values, HomologyOptions options) => Assert.ThrowsAny<InterpException>(() => HomologyAnalysis.Run(values, options)).Message;
        Assert.Contains("not finite", Refusal(full([4, 2], double.NaN), s_options), StringComparison.Ordinal);
        Assert.Contains("[n, d]", Refusal(ones(4), s_options), StringComparison.Ordinal);
        Assert.Contains("[n ≥ 9, d]", Refusal(ones(4, 2), s_options with { Modulus = 9 }), StringComparison.Ordinal);
        Assert.Contains("[9² = 81, d]", Refusal(ones(80, 2), s_options with { Modulus = 9, Pairs = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_stays_alive_and_scale_does_not_matter()
    {
        using var points = RandomTensor.Normal(40, 2).mul(1e-7);
        LiveTensors.AssertNoGrowth(() => HomologyAnalysis.Run(points, s_options));
        using var larger = points.mul(1e7);
        var (small, large) = (HomologyAnalysis.Run(points, s_options), HomologyAnalysis.Run(larger, s_options));
        Assert.Equal(large.BarCount, small.BarCount);
        Assert.Equal(large.LongestRatio!.Value, small.LongestRatio!.Value, 1e-5);
    }

    private static Tensor Polygon(int n, int frequency) => tensor(Enumerable.Range(0, n)
        .SelectMany(i => new[] { Math.Cos(2 * Math.PI * frequency * i / n), Math.Sin(2 * Math.PI * frequency * i / n) }).ToArray()).reshape(n, 2);
}
