using Interp.Analysis.Circles.Fourier;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Fourier;

public sealed class FourierBasisTests
{
    private const double Float64Tolerance = 1e-12;

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(59)]
    public void Rows_are_orthonormal(int modulus)
    {
        using var scope = NewDisposeScope();
        using var basis = new FourierBasis(modulus);
        var product = basis.Rows.matmul(basis.Rows.t());
        Assert.True(product.allclose(eye(modulus, dtype: ScalarType.Float64), rtol: 0, atol: Float64Tolerance));
    }

    [Fact]
    public void Two_axis_transform_is_the_product_on_both_sides()
    {
        using var scope = NewDisposeScope();
        using var basis = new FourierBasis(5);
        var values = arange(5 * 5 * 2, dtype: ScalarType.Float64).sin().reshape(5, 5, 2);
        var transformed = basis.Transform2(values);
        for (var n = 0; n < 2; n++)
        {
            var expected = basis.Rows.matmul(values.select(2, n)).matmul(basis.Rows.t());
            Assert.True(transformed.select(2, n).allclose(expected, rtol: 0, atol: Float64Tolerance));
        }
    }

    [Fact]
    public void Projections_on_all_frequencies_and_the_mean_add_to_the_whole()
    {
        using var scope = NewDisposeScope();
        using var basis = new FourierBasis(12);
        var values = arange(24, dtype: ScalarType.Float64).square().sin().reshape(12, 2);
        var sum = basis.Project(values, Enumerable.Range(1, basis.FrequencyCount)) + values.mean([0], keepdim: true);
        Assert.True(sum.allclose(values, rtol: 0, atol: Float64Tolerance));
    }

    [Theory]
    [InlineData(59, 10, 10)]
    [InlineData(59, 54, 5)]
    [InlineData(59, 118, 0)]
    [InlineData(12, 18, 6)]
    public void Frequencies_fold_at_half_the_modulus(int modulus, int frequency, int folded)
    {
        using var basis = new FourierBasis(modulus);
        Assert.Equal(folded, basis.Fold(frequency));
    }
}
