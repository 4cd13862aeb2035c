using Interp.Analysis.Circles;
using Interp.Compute;
using TorchSharp;

namespace Interp.Analysis.Tests.Circles;

public sealed class PlaneCloudTests
{
    [Fact]
    public void Hostile_input_is_refused_in_one_line()
    {
        Assert.Contains("row 1", Assert.Throws<InterpException>(() => PlaneCloud.FromColumns([1, double.NaN, 2], [1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Throws<InterpException>(() => PlaneCloud.FromColumns([1, 2], [1, double.PositiveInfinity]));
        Assert.Contains("overflows", Assert.Throws<InterpException>(() => PlaneCloud.FromColumns([1, 2, 1e200], [1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeMismatchException>(() => PlaneCloud.FromColumns([1, 2], [1, 2, 3]));
        Assert.Throws<ShapeMismatchException>(() => PlaneCloud.FromColumns([1], [1]));
        using var wide = torch.ones(4, 3);
        Assert.Throws<ShapeMismatchException>(() => PlaneCloud.FromTensor(wide));
    }

    [Fact]
    public void A_tensor_of_any_real_type_becomes_a_cloud()
    {
        using var points = torch.tensor(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 7 } });
        var cloud = PlaneCloud.FromTensor(points);
        Assert.Equal([1, 3, 5], cloud.X);
        Assert.Equal([2, 4, 7], cloud.Y);
    }

    [Fact]
    public void Covariance_eigenvalues_are_those_of_the_axes()
    {
        // Points at ±2 and ±1 along two perpendicular directions, rotated and shifted: variances 4/2 and 1/2 over four points.
        var (sine, cosine) = Math.SinCos(0.7);
        double[] x = [.. new[] { 2 * cosine, -2 * cosine, -sine, sine }.Select(v => v + 5)];
        double[] y = [.. new[] { 2 * sine, -2 * sine, cosine, -cosine }.Select(v => v - 3)];
        var (larger, smaller) = PlaneCloud.FromColumns(x, y).CovarianceEigenvalues();
        Assert.Equal(2, larger, 1e-12);
        Assert.Equal(0.5, smaller, 1e-12);
    }
}
