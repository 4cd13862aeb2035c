using Interp.Compute.Statistics;

namespace Interp.Compute.Tests.Statistics;

public sealed class SpecialFunctionsTests
{
    private const double EulerGamma = 0.57721566490153286;

    [Fact]
    public void Digamma_has_its_closed_values()
    {
        Assert.Equal(-EulerGamma, SpecialFunctions.Digamma(1), 1e-13);
        Assert.Equal(-EulerGamma - (2 * Math.Log(2)), SpecialFunctions.Digamma(0.5), 1e-13);
        Assert.Equal(-EulerGamma + Enumerable.Range(1, 99).Sum(i => 1.0 / i), SpecialFunctions.Digamma(100), 1e-13);
    }

    [Fact]
    public void Digamma_is_for_positive_numbers() => Assert.Throws<ArgumentOutOfRangeException>(() => SpecialFunctions.Digamma(0));
}
