using Interp.Compute.Statistics;

namespace Interp.Compute.Tests.Statistics;

public sealed class StudentTTests
{
    // Closed forms: one degree is Cauchy, two degrees is t/√(2 + t²); the others are from tables (three decimals).
    [Theory]
    [InlineData(0.975, 1, 12.706204736)]
    [InlineData(0.975, 2, 4.302652730)]
    [InlineData(0.95, 10, 1.812461123)]
    [InlineData(0.975, 30, 2.042272456)]
    [InlineData(0.975, 1583, 1.961462)]
    public void Quantiles_are_those_of_tables(double probability, double degrees, double expected)
    {
        Assert.Equal(expected, StudentT.Quantile(probability, degrees), 2e-6);
        Assert.Equal(-expected, StudentT.Quantile(1 - probability, degrees), 2e-6);
    }

    [Fact]
    public void The_cumulative_distribution_has_its_closed_forms()
    {
        foreach (var t in new[] { -3.0, -0.5, 0, 0.1, 2, 40 })
        {
            Assert.Equal(0.5 + (Math.Atan(t) / Math.PI), StudentT.Cumulative(t, 1), 1e-12);
            Assert.Equal(0.5 + (t / (2 * Math.Sqrt(2 + (t * t)))), StudentT.Cumulative(t, 2), 1e-12);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.Quantile(1, 3));
    }
}
