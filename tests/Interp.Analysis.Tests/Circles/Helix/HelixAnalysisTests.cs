using Interp.Analysis.Circles.Helix;
using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Helix;

public sealed class HelixAnalysisTests
{
    private static readonly HelixOptions s_options = new() { NullDraws = 5 };

    [Fact]
    public void The_basis_has_rank_nine_and_makes_a_helix_whole()
    {
        using var values = Made(200, noise: 0);
        var result = HelixAnalysis.Run(values, s_options);
        Assert.Equal(9, result.Fits[0].Rank);
        Assert.Equal(1, result.Fits[0].R2, 1e-9);
        Assert.Equal(1, result.Fits[0].HeldOutR2, 1e-9);
        Assert.Equal(50, result.HeldOutNumbers);
        Assert.True(result.Fits[2].HeldOutR2 < 0.6, "a polynomial has no period");
        Assert.True(result.NullQuantile95 < 0.2);
        Assert.All(result.Fits.Where(fit => fit.Name.StartsWith("helix without", StringComparison.Ordinal)), fit => Assert.InRange(fit.HeldOutR2, -1, 0.97));
        Assert.Equal(result.NullMean, result.Fits.Single(fit => fit.Name.Contains("shuffled", StringComparison.Ordinal)).HeldOutR2);
        Assert.Equal(2, HelixFigures.Draw(result).Count);
    }

    [Fact]
    public void Parts_that_are_there_are_missed_and_others_are_not()
    {
        using var scope = NewDisposeScope();
        var angle = arange(120, ScalarType.Float64) * (2 * Math.PI / 10);
        var basis = RandomTensor.Normal(2, 30).to(ScalarType.Float64);
        var values = stack([angle.cos(), angle.sin()], 1).matmul(basis) + (0.05 * RandomTensor.Normal(120, 30));
        var result = HelixAnalysis.Run(values, s_options);
        Assert.True(result.Parts.Single(part => part.Name == "period 10").Loss > 0.8);
        Assert.All(result.Parts.Where(part => part.Name != "period 10"), part => Assert.True(Math.Abs(part.Loss) < 0.02));
        Assert.True(result.Fits[3].R2 >= result.Fits[0].R2 - 1e-9, "no basis of rank 9 explains more of the fitted rows than nine components");
    }

    [Fact]
    public void Numbers_may_have_gaps()
    {
        int[] numbers = [.. Enumerable.Range(0, 200).Where(number => number % 7 != 3)];
        using var values = Made(200, noise: 0);
        using var some = values.index_select(0, tensor(numbers));
        Assert.Equal(1, HelixAnalysis.Fit(some, numbers, s_options).Fits[0].HeldOutR2, 1e-9);
        Assert.True(HelixAnalysis.Run(some, s_options).Fits[0].HeldOutR2 < 0.9, "the rows do not follow by one");
    }

    [Fact]
    public void Degenerate_input_is_refused_in_one_line_and_nothing_stays_alive()
    {
        string Refusal(Tensor values) => Assert.ThrowsAny<InterpException>(() => HelixAnalysis.Run(values, s_options)).Message;
        using var scope = NewDisposeScope();
        Assert.Contains("[n ≥ 8, d]", Refusal(ones(7, 3)), StringComparison.Ordinal);
        Assert.Contains("all equal", Refusal(ones(20, 3)), StringComparison.Ordinal);
        Assert.Contains("not finite", Refusal(full([20, 3], double.NaN)), StringComparison.Ordinal);
        var values = Made(60, 0.1);
        LiveTensors.AssertNoGrowth(() => HelixAnalysis.Run(values, s_options));
    }

    private static Tensor Made(int numbers, double noise)
    {
        using var scope = NewDisposeScope();
        var basis = tensor(HelixBases.Helix([.. Enumerable.Range(0, numbers).Select(number => (double)number)], [2, 5, 10, 100], hasLine: true));
        var mixture = RandomTensor.Normal(9, 40, 3).to(ScalarType.Float64);
        return (basis.matmul(mixture) + (noise * RandomTensor.Normal(numbers, 40, 4))).MoveToOuterDisposeScope();
    }
}
