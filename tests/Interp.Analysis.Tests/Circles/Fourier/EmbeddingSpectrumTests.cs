using Interp.Analysis.Circles.Fourier;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Fourier;

public sealed class EmbeddingSpectrumTests
{
    private const double Float64Tolerance = 1e-12;

    [Fact]
    public void Circles_of_known_radius_share_the_power_by_their_squared_radii()
    {
        using var scope = NewDisposeScope();
        using var basis = new FourierBasis(59);
        var angle = arange(59, dtype: ScalarType.Float64) * (2 * Math.PI / 59);
        var table = stack([2 * (3 * angle).cos(), 2 * (3 * angle).sin(), (7 * angle).cos(), (7 * angle).sin(), ones_like(angle)], 1);
        var spectrum = EmbeddingSpectrum.Of(table, basis);
        Assert.Equal(0.8, spectrum.Power[2], Float64Tolerance);
        Assert.Equal(0.2, spectrum.Power[6], Float64Tolerance);
        Assert.Equal(1, spectrum.Power.Sum(), Float64Tolerance);
        Assert.Equal(1 / ((0.8 * 0.8) + (0.2 * 0.2)), spectrum.EffectiveFrequencies, Float64Tolerance);
    }

    [Fact]
    public void A_constant_table_has_no_power()
    {
        using var basis = new FourierBasis(7);
        using var table = ones(7, 3, dtype: ScalarType.Float64);
        var spectrum = EmbeddingSpectrum.Of(table, basis);
        Assert.All(spectrum.Power, share => Assert.Equal(0, share, Float64Tolerance));
    }

    [Fact]
    public void Gini_is_zero_for_equal_shares_and_near_one_for_a_single_share()
    {
        Assert.Equal(0, EmbeddingSpectrum.GiniOf(Enumerable.Repeat(0.1, 29).ToArray()), Float64Tolerance);
        Assert.Equal(28 / 29.0, EmbeddingSpectrum.GiniOf([1, .. new double[28]]), Float64Tolerance);
        Assert.Equal(0, EmbeddingSpectrum.GiniOf(new double[5]));

        // Mean absolute difference over twice the mean, the other definition.
        double[] shares = [0.1, 0.4, 0.2, 0.3];
        var difference = shares.SelectMany(a => shares.Select(b => Math.Abs(a - b))).Average();
        Assert.Equal(difference / (2 * shares.Average()), EmbeddingSpectrum.GiniOf(shares), Float64Tolerance);
    }

    [Fact]
    public void Inverse_participation_is_a_half_for_a_cosine_and_small_for_an_impulse()
    {
        using var scope = NewDisposeScope();
        using var basis = new FourierBasis(59);
        var angle = arange(59, dtype: ScalarType.Float64) * (2 * Math.PI / 59);
        var impulse = zeros(59, dtype: ScalarType.Float64);
        impulse[0] = tensor(1.0);
        var ratios = EmbeddingSpectrum.InverseParticipation(stack([((5 * angle) + 0.3).cos() + 2, impulse], 1), basis);
        Assert.Equal(0.5, ratios[0], Float64Tolerance);
        Assert.Equal(1 / 58.0, ratios[1], Float64Tolerance);
    }
}
