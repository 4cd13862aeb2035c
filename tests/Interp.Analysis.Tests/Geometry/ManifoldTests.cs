using Interp.Analysis.Geometry;
using Interp.Compute.Kernels.Pairwise;
using Interp.Compute.Statistics;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Geometry;

/// <summary>Clouds of known shape at the documented sizes: the estimators' documented values, within the spread of two draws.</summary>
public sealed class ManifoldTests
{
    private const int Rows = 2000;
    // One draw beside one documented draw: a TwoNN estimate has a deviation of d/√2000, 2.2 %, so three deviations of the difference are 9.5 %.
    private const double Band = 0.095;

    public static TheoryData<string, double, double, double, double, double> Documented => new()
    {
        { "roll", 1.93, 1.92, 1.94, 2.02, 2.93 },
        { "sphere 2", 2.00, 2.02, 2.01, 2.05, 2.99 },
        { "sphere 5", 4.84, 4.78, 4.84, 4.78, 5.99 },
        { "sphere 10", 9.41, 9.47, 8.86, 8.46, 10.9 },
        { "sphere 20", 16.7, 17.0, 15.4, 14.0, 20.8 },
        { "cube 5", 4.89, 4.82, 4.50, 4.29, 4.99 },
        { "cube 20", 15.1, 15.0, 14.3, 13.2, 19.8 },
        { "gaussian 50", 33.0, 33.4, 27.7, 23.6, 48.8 },
    };

    [Theory]
    [MemberData(nameof(Documented))]
    public void Dimensions_are_in_their_bands(string cloud, double twoNearest, double likelihood, double maximum, double moments, double participation)
    {
        using var scope = NewDisposeScope();
        var rows = Cloud(cloud);
        var table = NearestRows.Of(rows, 100);
        Near(twoNearest, NeighbourDimensions.TwoNearest(table, 0.1)!.Value);
        Near(likelihood, NeighbourDimensions.TwoNearestLikelihood(table)!.Value);
        Near(maximum, NeighbourDimensions.MaximumLikelihood(table, 20)!.Value);
        Near(moments, NeighbourDimensions.Median(NeighbourDimensions.Moments(table, 100)));
        Near(participation, SpectralMeasures.Of(rows).Measures.ParticipationRatio!.Value);
    }

    [Fact]
    public void Spectra_of_Gaussian_and_uniform_rows_are_where_theory_puts_them()
    {
        using var scope = NewDisposeScope();
        var fifty = SpectralMeasures.Of(Cloud("gaussian 50")).Measures;
        Assert.Equal(3.9004, fifty.VonNeumannEntropy!.Value, 0.002);
        Assert.Equal(0, fifty.AverageCosine!.Value, 0.005);
        Assert.Equal(0.75, SpectralMeasures.Of(Cloud("cube 400")).Measures.AverageCosine!.Value, 0.005);

        // ν D/(ν + D + 1) with ν = n − 1, and (1 + √(D/n))²/D at the edge of the spectrum.
        Assert.Equal(1999.0 * 50 / (1999 + 50 + 1), fifty.ParticipationRatio!.Value, 0.1);
        Assert.Equal(Math.Pow(1 + Math.Sqrt(50.0 / Rows), 2) / 50, fifty.SpectralAnisotropy!.Value, 0.002);
    }

    [Fact]
    public void The_purity_of_the_density_matrix_is_that_of_the_cosines()
    {
        using var scope = NewDisposeScope();
        var rows = Cloud("cube 20").narrow(0, 0, 300);
        var unit = rows / rows.norm(1, keepdim: true);
        var purity = unit.t().matmul(unit).div(300).square().sum().item<double>();
        var cosines = unit.matmul(unit.t());
        var square = (cosines.square().sum().item<double>() - 300) / (300.0 * 299);
        Assert.Equal((1 + (299 * square)) / 300, purity, 1e-12);
        Assert.Equal((cosines.sum().item<double>() - 300) / (300.0 * 299), SpectralMeasures.Of(rows).Measures.AverageCosine!.Value, 1e-12);
    }

    private static void Near(double documented, double measured) => Assert.InRange(measured / documented, 1 - Band, 1 + Band);

    private static Tensor Cloud(string name)
    {
        var random = new SplitMix64(12);
        if (name == "roll")
        {
            var points = Enumerable.Range(0, Rows).SelectMany(_ =>
            {
                var t = 1.5 * Math.PI * (1 + (2 * random.NextDouble()));
                return new[] { t * Math.Cos(t), 21 * random.NextDouble(), t * Math.Sin(t) };
            }).ToArray();
            return tensor(points, Rows, 3);
        }

        var (kind, size) = (name.Split(' ')[0], int.Parse(name.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        var width = kind == "sphere" ? size + 1 : size;
        var values = Enumerable.Range(0, Rows * width).Select(_ => kind == "cube" ? random.NextDouble() : random.NextNormal()).ToArray();
        var rows = tensor(values, Rows, width);
        return kind == "sphere" ? rows / rows.norm(1, keepdim: true) : rows;
    }
}
