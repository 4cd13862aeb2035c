using System.Globalization;
using Interp.Analysis.Geometry;
using Interp.Compute.Kernels.Pairwise;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Geometry;

/// <summary>The documented values of the reference cloud, 30 points of a 5-ball in 10 columns, and closed forms.</summary>
public sealed class GeometryOracleTests
{
    private const double Tolerance = 1e-9;

    [Fact]
    public void Neighbour_dimensions_are_the_documented_ones()
    {
        using var rows = Ball();
        var table = NearestRows.Of(rows, 20);
        Assert.Equal(4.5223116616709875, NeighbourDimensions.TwoNearest(table, 0.1)!.Value, Tolerance);
        Assert.Equal(4.634032718914451, NeighbourDimensions.TwoNearest(table, 0.05)!.Value, Tolerance);
        Assert.Equal(4.054956793054421, NeighbourDimensions.TwoNearest(table, 0.1, isShifted: true)!.Value, Tolerance);
        Assert.Equal(4.113227754484088, NeighbourDimensions.TwoNearest(table, 0.05, isShifted: true)!.Value, Tolerance);
        Assert.Equal(4.767867670627854, NeighbourDimensions.TwoNearestLikelihood(table)!.Value, Tolerance);
        Assert.Equal(3.341161830518472, NeighbourDimensions.MaximumLikelihood(table, 20)!.Value, Tolerance);
        Assert.Equal(4.350132038093711, NeighbourDimensions.MaximumLikelihood(table, 5)!.Value, Tolerance);
        Assert.Equal(3.165311207859605, NeighbourDimensions.MaximumLikelihood(table, 20, isUnbiased: true)!.Value, Tolerance);
        var moments = NeighbourDimensions.Moments(table, 20);
        Assert.Equal(3.530743212403, moments.Average(), 1e-11);
        Assert.Equal(3.491134518535, NeighbourDimensions.Median(moments), 1e-11);
        Assert.Equal(3.469991396187, NeighbourDimensions.Geometric(moments), 1e-11);
        var without = NeighbourDimensions.Moments(table, 20, isLastIncluded: false);
        Assert.Equal(3.304206051783, without.Average(), 1e-11);
        Assert.Equal(3.266577792608, NeighbourDimensions.Median(without), 1e-11);
        Assert.Equal(3.245622093999, NeighbourDimensions.Geometric(without), 1e-11);
        var local = NeighbourDimensions.LocalLikelihoods(table, 20);
        Assert.Equal(3.438942454136744, local.Average(), Tolerance);
        Assert.Equal(3.389182431575746, NeighbourDimensions.Geometric(local), Tolerance);

        // N in place of N − 1 is the other documented form of the likelihood.
        Assert.Equal(4.932276900649504, NeighbourDimensions.TwoNearestLikelihood(table)!.Value * 30 / 29, Tolerance);
    }

    [Fact]
    public void Spectral_measures_are_the_documented_ones()
    {
        using var rows = Ball();
        var (measures, _) = SpectralMeasures.Of(rows);
        Assert.Equal(-0.014199053298453, measures.AverageCosine!.Value, Tolerance);
        Assert.Equal(1.541363837590462, measures.VonNeumannEntropy!.Value, Tolerance);
        Assert.Equal(0.311868885376465, measures.SpectralAnisotropy!.Value, Tolerance);
        Assert.Equal(3.206475691837195, measures.StableRank!.Value, Tolerance);
        Assert.Equal(4.387876415881794, measures.ParticipationRatio!.Value, Tolerance);
        Assert.Equal(4.896402630950608, measures.EffectiveRank!.Value, Tolerance);
        Assert.Equal(0.814452813999576, measures.PartitionIsotropy!.Value, Tolerance);
    }

    [Fact]
    public void Diffusion_entropy_has_the_documented_values()
    {
        using var rows = Ball();
        using var distances = NearestRows.AllDistances(rows);
        Assert.Equal(2.601566734197, DiffusionEntropy.Bits(distances, 1, 1), 1e-11);
        Assert.Equal(4.349531607165, DiffusionEntropy.Bits(distances, 0.5, 1), 1e-11);
        Assert.Equal(0.076973447977718, DiffusionEntropy.Bits(distances, 10, 1), Tolerance);
        Assert.Equal(1.196331529480214, DiffusionEntropy.Median(distances), Tolerance);
        Assert.Equal(2.117792445863, DiffusionEntropy.Bits(distances, DiffusionEntropy.Median(distances), 1), 1e-11);
    }

    [Theory]
    [InlineData(2, -0.5, 0.7153491667)]
    [InlineData(5, -0.6931471805599453, 1.7709505945)]
    [InlineData(10, -2.302585092994046, 3.2691107111)]
    public void Equidistant_points_have_their_closed_form(int count, double logKernel, double expected)
    {
        using var distances = (ones(count, count, dtype: ScalarType.Float64) - eye(count, dtype: ScalarType.Float64)) * Math.Sqrt(-2 * logKernel);
        Assert.Equal(expected, DiffusionEntropy.Bits(distances, 1, 1), 1e-9);
    }

    [Fact]
    public void Identical_and_far_points_have_their_closed_forms()
    {
        using var same = zeros(9, 9, dtype: ScalarType.Float64);
        Assert.Equal(0, DiffusionEntropy.Bits(same, 1, 1), 1e-12);
        using var far = (ones(64, 64, dtype: ScalarType.Float64) - eye(64, dtype: ScalarType.Float64)) * 1000;
        Assert.Equal(6, DiffusionEntropy.Bits(far, 1, 1), 1e-12);
    }

    [Fact]
    public void Far_groups_carry_all_of_their_labels_information_and_permuted_labels_none()
    {
        using var scope = NewDisposeScope();
        var centres = eye(4, dtype: ScalarType.Float64) * 1000;
        var distances = NearestRows.AllDistances(centres.repeat_interleave(50, 0));
        int[] labels = [.. Enumerable.Range(0, 200).Select(row => row / 50)];
        var information = DiffusionEntropy.MutualInformation(distances, labels, 1, 1, 0, default)!.Value;
        Assert.Equal(2, DiffusionEntropy.Bits(distances, 1, 1), 1e-9);

        // Random subsets of 50 of four groups hold nearly, not exactly, two bits.
        Assert.Equal(2, information.Bits, 0.02);
        Assert.Equal(0, information.NullMean, 0.03);
        Assert.Null(DiffusionEntropy.MutualInformation(distances, [.. labels.Select(_ => 0)], 1, 1, 0, default));
    }

    [Theory]
    [InlineData(3, 3.242499910917541, 3.347084032349, 3.129729830732)]
    [InlineData(10, 10.8083330363918, 11.292659290658, 10.678026326125)]
    public void Power_law_distances_have_their_closed_forms(int dimension, double likelihood, double moments, double withoutLast)
    {
        var table = new NeighbourTable(new int[1, 20], new double[1, 20]);
        for (var place = 0; place < 20; place++)
        {
            table.Distances[0, place] = Math.Pow((place + 1) / 20.0, 1.0 / dimension);
        }

        Assert.Equal(likelihood, NeighbourDimensions.MaximumLikelihood(table, 20)!.Value, 1e-11);
        Assert.Equal(moments, NeighbourDimensions.Moments(table, 20)[0], 1e-10);
        Assert.Equal(withoutLast, NeighbourDimensions.Moments(table, 20, isLastIncluded: false)[0], 1e-10);
    }

    [Theory]
    [InlineData(3, 2.998038916193, 3.004919951787)]
    [InlineData(10, 9.993463053976, 10.016399839289)]
    public void Pareto_ratios_have_their_closed_forms(int dimension, double likelihood, double regression)
    {
        var table = new NeighbourTable(new int[1000, 2], new double[1000, 2]);
        for (var row = 0; row < 1000; row++)
        {
            table.Distances[row, 0] = 1;
            table.Distances[row, 1] = Math.Pow(1 - ((row + 0.5) / 1000), -1.0 / dimension);
        }

        Assert.Equal(likelihood, NeighbourDimensions.TwoNearestLikelihood(table)!.Value, 1e-10);
        Assert.Equal(regression, NeighbourDimensions.TwoNearest(table, 0.1)!.Value, 1e-10);
    }

    internal static Tensor Ball()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Data", "geometry", "hyperball-n30-d5-in10d.csv")).Where(line => line.Length > 0 && !line.StartsWith('#')).ToArray();
        var numbers = lines.SelectMany(line => line.Split(',')).Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return tensor(numbers, lines.Length, numbers.Length / lines.Length);
    }
}
