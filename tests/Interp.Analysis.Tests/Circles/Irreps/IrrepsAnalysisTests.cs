using Interp.Analysis.Circles.Fourier;
using Interp.Analysis.Circles.Irreps;
using Interp.Compute;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Irreps;

public sealed class IrrepsAnalysisTests
{
    private const double Tolerance = 1e-10;

    [Fact]
    public void A_delta_at_the_identity_has_the_square_of_the_dimension_over_the_order()
    {
        using var delta = zeros(6, 1, dtype: ScalarType.Float64);
        delta[0, 0] = tensor(1.0);
        var result = IrrepsAnalysis.Run(delta, new IrrepsOptions { Group = GroupKind.Symmetric });
        Assert.Equal("S3", result.Group);
        Assert.Equal(["trivial", "[2,1]", "[1,1,1]"], result.Irreps.Select(irrep => irrep.Name));
        Assert.Equal(1 / 6.0, result.Irreps[0].Power, Tolerance);
        Assert.Equal(2 / 3.0, result.Irreps[1].Power, Tolerance);
        Assert.Equal(1 / 6.0, result.Irreps[2].Power, Tolerance);
        Assert.All(result.Irreps, irrep => Assert.Equal(irrep.Power, irrep.ChancePower, Tolerance));
        Assert.Equal(0.8, result.Shares[0], Tolerance);
    }

    [Fact]
    public void The_representations_of_five_letters_have_the_known_dimensions()
    {
        var group = FiniteGroup.Create(GroupKind.Symmetric, 5);
        Assert.Equal([1, 1, 4, 4, 5, 5, 6], group.Irreps.Select(irrep => irrep.Dimension).Order());
        Assert.Equal(120, group.Order);
    }

    [Fact]
    public void On_cyclic_groups_it_is_the_power_of_the_fourier_transform()
    {
        using var scope = NewDisposeScope();
        using var basis = new FourierBasis(12);
        var values = Random(12, 1);
        var result = IrrepsAnalysis.Run(values, new IrrepsOptions());
        var spectrum = EmbeddingSpectrum.Of(values, basis);
        var nontrivial = 1 - result.Irreps[0].Power;
        Assert.Equal(7, result.Irreps.Length);
        Assert.All(Enumerable.Range(1, 6), k => Assert.Equal(spectrum.Power[k - 1], result.Irreps[k].Power / nontrivial, Tolerance));
    }

    [Fact]
    public void Power_equals_that_of_explicit_matrices()
    {
        // D4's two-dimensional representation written out: rotations and a reflection of the plane.
        using var scope = NewDisposeScope();
        var values = Random(8, 1);
        var sum = zeros(2, 2, dtype: ScalarType.Float64);
        for (var g = 0; g < 8; g++)
        {
            var (sine, cosine) = Math.SinCos(Math.PI / 2 * (g % 4));
            var rotation = tensor(new[,] { { cosine, -sine }, { sine, cosine } });
            var reflection = tensor(new[,] { { 1.0, 0 }, { 0, -1 } });
            sum += values[g, 0] * (g < 4 ? rotation : reflection.matmul(rotation));
        }

        var result = IrrepsAnalysis.Run(values, new IrrepsOptions { Group = GroupKind.Dihedral });
        Assert.Equal(["trivial", "sign", "alternating", "alternating sign", "1"], result.Irreps.Select(irrep => irrep.Name));
        Assert.Equal(2 / 8.0 * sum.square().sum().ToDouble() / values.square().sum().ToDouble(), result.Irreps[4].Power, Tolerance);
    }

    [Theory]
    [InlineData(GroupKind.Cyclic, 7)]
    [InlineData(GroupKind.Cyclic, 8)]
    [InlineData(GroupKind.Dihedral, 5)]
    [InlineData(GroupKind.Dihedral, 6)]
    [InlineData(GroupKind.Symmetric, 4)]
    public void Powers_add_to_the_whole_and_do_not_change_when_the_group_moves_its_elements(GroupKind kind, int degree)
    {
        using var scope = NewDisposeScope();
        var group = FiniteGroup.Create(kind, degree);
        Assert.Equal(group.Order, group.Irreps.Sum(irrep => irrep.Kernel[group.Quotients[0, 0]] * group.Order), 1e-9);
        var values = Random(group.Order, 2);
        var options = new IrrepsOptions { Group = kind, Degree = degree };
        var result = IrrepsAnalysis.Run(values, options);
        Assert.Equal(1, result.Irreps.Sum(irrep => irrep.Power), Tolerance);

        // u moved by g → g·h⁻¹.
        var moved = values.index_select(0, tensor(Enumerable.Range(0, group.Order).Select(g => (long)group.Quotients[g, 3]).ToArray()));
        var again = IrrepsAnalysis.Run(moved, options);
        Assert.All(result.Irreps.Zip(again.Irreps), pair => Assert.Equal(pair.First.Power, pair.Second.Power, Tolerance));
        Assert.NotEqual(values[0, 0].ToDouble(), moved[0, 0].ToDouble());
    }

    [Fact]
    public void Functions_of_one_representation_are_counted_and_constants_left_out()
    {
        using var scope = NewDisposeScope();
        var number = arange(11, dtype: ScalarType.Float64);
        var functions = stack([(number * (2 * Math.PI * 3 / 11)).cos() + 4, ones(11, dtype: ScalarType.Float64), number], 1);
        var result = IrrepsAnalysis.Run(functions, new IrrepsOptions());
        Assert.Equal(1, result.Shares[0], Tolerance);
        Assert.True(double.IsNaN(result.Shares[1]));
        Assert.Equal(3, result.Strongest[0]);
        Assert.Equal(1, result.Irreps[3].Functions);
        Assert.Equal(2, result.Irreps.Sum(irrep => irrep.Functions));
        Assert.Equal(0.5, result.FunctionsAboveThreshold);
        Assert.All(IrrepsFigures.Draw(result), figure => Assert.NotEmpty(figure.Layout.XAxis[0].Title.Text));
    }

    [Theory]
    [InlineData(GroupKind.Symmetric, 0, 7)]
    [InlineData(GroupKind.Symmetric, 7, 7)]
    [InlineData(GroupKind.Dihedral, 0, 7)]
    [InlineData(GroupKind.Cyclic, 5, 7)]
    [InlineData(GroupKind.Cyclic, 0, 1)]
    public void Rows_that_are_not_the_groups_elements_are_refused(GroupKind kind, int degree, int rows)
    {
        using var values = ones(rows, 1);
        Assert.ThrowsAny<InterpException>(() => IrrepsAnalysis.Run(values, new IrrepsOptions { Group = kind, Degree = degree }));
    }

    [Fact]
    public void Measuring_leaves_no_tensors_behind()
    {
        using var values = ones(6, 2);
        _ = IrrepsAnalysis.Run(values, new IrrepsOptions());
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = IrrepsAnalysis.Run(values, new IrrepsOptions { Group = GroupKind.Symmetric });
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Tensor Random(int rows, int columns)
    {
        var random = new SplitMix64(9);
        return tensor(Enumerable.Range(0, rows * columns).Select(_ => random.NextNormal()).ToArray()).reshape(rows, columns);
    }
}
