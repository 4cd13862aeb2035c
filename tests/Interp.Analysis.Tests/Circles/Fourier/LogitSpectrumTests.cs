using Interp.Analysis.Circles.Fourier;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Fourier;

public sealed class LogitSpectrumTests
{
    private const double Float64Tolerance = 1e-12;

    [Fact]
    public void Cosines_of_the_sum_share_the_variance_by_their_squared_amplitudes()
    {
        using var scope = NewDisposeScope();
        using var basis = new FourierBasis(13);
        var logits = SumCosine(13, 2) + (2 * SumCosine(13, 5)) + 7;
        var shares = LogitSpectrum.VarianceExplained(logits, basis);
        Assert.Equal(0.2, shares[1], Float64Tolerance);
        Assert.Equal(0.8, shares[4], Float64Tolerance);
        Assert.Equal(1, shares.Sum(), Float64Tolerance);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(6)]
    public void Variance_explained_equals_a_regression_on_the_cosine(int modulus)
    {
        using var scope = NewDisposeScope();
        using var basis = new FourierBasis(modulus);
        var logits = (arange(modulus * modulus * modulus, dtype: ScalarType.Float64) * 1.7).sin().reshape(modulus, modulus, modulus);
        var centred = logits - logits.mean([2], keepdim: true);
        centred -= centred.mean([0, 1], keepdim: true);
        var shares = LogitSpectrum.VarianceExplained(logits, basis);
        for (var k = 1; k <= basis.FrequencyCount; k++)
        {
            var cosine = SumCosine(modulus, k);
            var slope = ((centred * cosine).sum() / cosine.square().sum()).ToDouble();
            var expected = 1 - ((centred - (slope * cosine)).square().sum() / centred.square().sum()).ToDouble();
            Assert.Equal(expected, shares[k - 1], Float64Tolerance);
        }
    }

    [Theory]
    [InlineData(7, 3)]
    [InlineData(6, 3)]
    public void The_part_of_a_frequency_is_what_a_regression_on_its_sum_waves_fits(int modulus, int frequency)
    {
        using var scope = NewDisposeScope();
        using var basis = new FourierBasis(modulus);
        var logits = (arange(modulus * modulus * modulus, dtype: ScalarType.Float64) * 2.3).cos().reshape(modulus, modulus, modulus);
        var sums = arange(modulus, dtype: ScalarType.Float64).unsqueeze(1) + arange(modulus, dtype: ScalarType.Float64).unsqueeze(0);
        var angle = sums.reshape(-1) * (2 * Math.PI * frequency / modulus);
        var design = stack([angle.cos(), angle.sin()], 1);
        var fitted = design.matmul(linalg.pinv(design).matmul(logits.reshape(modulus * modulus, modulus)));
        var part = LogitSpectrum.SumPart(logits, basis, [frequency]);
        Assert.True(part.reshape(modulus * modulus, modulus).allclose(fitted, rtol: 0, atol: 1e-10));
    }

    [Fact]
    public void No_frequencies_are_no_part()
    {
        using var basis = new FourierBasis(5);
        using var logits = ones(5, 5, 5, dtype: ScalarType.Float64);
        using var part = LogitSpectrum.SumPart(logits, basis, []);
        Assert.Equal(0, part.abs().sum().ToDouble());
    }

    private static Tensor SumCosine(int modulus, int frequency)
    {
        var number = arange(modulus, dtype: ScalarType.Float64);
        return ((number.view(modulus, 1, 1) + number.view(1, modulus, 1) - number.view(1, 1, modulus)) * (2 * Math.PI * frequency / modulus)).cos();
    }
}
