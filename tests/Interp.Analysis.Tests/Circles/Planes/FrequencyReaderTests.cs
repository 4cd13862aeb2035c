using Interp.Analysis.Circles.Planes;
using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;

namespace Interp.Analysis.Tests.Circles.Planes;

public sealed class FrequencyReaderTests
{
    private const double Rounding = 1e-12;

    [Theory]
    [InlineData(7, 1)]
    [InlineData(59, 27)]
    [InlineData(12, 5)]
    [InlineData(10, 4)]
    [InlineData(12, 3)]
    public void A_turned_reflected_and_shifted_circle_is_read_exactly(int modulus, int frequency)
    {
        int[] labels = [.. Enumerable.Range(0, modulus)];
        double[] angles = [.. labels.Select(r => 0.4 - FrequencyReader.Angle(frequency, r, modulus))];
        var fit = FrequencyReader.Read([.. angles.Select(a => 3 * Math.Cos(a) + 5)], [.. angles.Select(a => 3 * Math.Sin(a) - 1)], labels, modulus);
        Assert.Equal(frequency, fit.Frequency);
        Assert.Equal(1, fit.R2, Rounding);
        Assert.Equal(1, fit.AngleCorrelation, Rounding);
        Assert.Equal(0, fit.AngleError, 1e-7);
        Assert.Equal(1, fit.OrderedShare);
        Assert.True(fit.IsOrdered);
    }

    [Fact]
    public void The_share_explained_is_that_of_least_squares()
    {
        var (x, y, labels) = Noisy(140, 7, 2, 0.5);
        var fit = FrequencyReader.Read(x, y, labels, 7);
        Assert.Equal(2, fit.Frequency);
        var design = new double[x.Length, 3];
        var targets = new double[x.Length, 2];
        for (var i = 0; i < x.Length; i++)
        {
            (design[i, 0], design[i, 1], design[i, 2]) = (x[i], y[i], 1);
            (targets[i, 1], targets[i, 0]) = Math.SinCos(2 * Math.PI * 2 * labels[i] / 7);
        }

        var (coefficients, _) = LeastSquares.Solve(design, targets);
        double error = 0, total = 0;
        for (var c = 0; c < 2; c++)
        {
            var mean = targets.Column(c).Average();
            for (var i = 0; i < x.Length; i++)
            {
                var read = (design[i, 0] * coefficients[0, c]) + (design[i, 1] * coefficients[1, c]) + coefficients[2, c];
                error += Math.Pow(targets[i, c] - read, 2);
                total += Math.Pow(targets[i, c] - mean, 2);
            }
        }

        Assert.Equal(1 - (error / total), fit.R2, 1e-9);
    }

    [Fact]
    public void Two_residues_that_change_places_break_the_order_but_hardly_the_correlation()
    {
        int[] labels = [.. Enumerable.Range(0, 59)];
        int[] swapped = [.. labels.Select(r => r == 20 ? 21 : r == 21 ? 20 : r)];
        var fit = FrequencyReader.Read([.. swapped.Select(r => Math.Cos(2 * Math.PI * r / 59))], [.. swapped.Select(r => Math.Sin(2 * Math.PI * r / 59))], labels, 59);
        Assert.Equal(1, fit.Frequency);
        Assert.False(fit.IsOrdered);
        Assert.Equal(58 / 59.0, fit.OrderedShare, Rounding);
        Assert.True(fit.AngleCorrelation > 0.99);

        // Two ranks of 59 are off by one place, each turns its phasor by 2π/59.
        Assert.Equal((57 + (2 * Math.Cos(2 * Math.PI / 59))) / 59, fit.RankCorrelation, 1e-12);
        Assert.True(fit.OrdersResidues);
    }

    [Fact]
    public void A_line_of_residues_does_not_turn()
    {
        int[] labels = [.. Enumerable.Range(0, 11)];
        var fit = FrequencyReader.Read([.. labels.Select(r => (double)r)], [.. labels.Select(r => 2.0 * r)], labels, 11);
        Assert.False(fit.IsOrdered);
        Assert.True(fit.R2 < 0.6);
    }

    [Fact]
    public void Random_points_explain_no_frequency()
    {
        var random = new SplitMix64(3);
        var labels = Enumerable.Range(0, 590).Select(i => i % 59).ToArray();
        var fit = FrequencyReader.Read([.. labels.Select(_ => random.NextNormal())], [.. labels.Select(_ => random.NextNormal())], labels, 59);
        Assert.True(fit.R2 < 0.05);
        Assert.False(fit.IsOrdered);
        Assert.InRange(fit.RankCorrelation, 0, 0.8);
    }

    [Fact]
    public void Points_without_extent_are_no_circle()
    {
        int[] labels = [0, 1, 2, 0, 1, 2];
        var fit = FrequencyReader.Read([1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2], labels, 3);
        Assert.Equal(0, fit.R2);
        Assert.False(fit.IsOrdered);
    }

    private static (double[] X, double[] Y, int[] Labels) Noisy(int count, int modulus, int frequency, double noise)
    {
        var random = new SplitMix64(8);
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i % modulus)];
        double Around(double value) => value + (noise * random.NextNormal());
        return (
            [.. labels.Select(r => Around(2 * Math.Cos(2 * Math.PI * frequency * r / modulus)))],
            [.. labels.Select(r => Around(Math.Sin(2 * Math.PI * frequency * r / modulus)))],
            labels);
    }
}
