using Interp.Analysis.Circles.Probe;
using Interp.Compute;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Probe;

public sealed class HelixFitTests
{
    private static readonly int[] s_numbers = [.. Enumerable.Range(0, 100)];

    [Fact]
    public void A_helix_is_found_whole_and_each_missing_period_is_missed()
    {
        using var scope = NewDisposeScope();
        var random = SplitMix64.ForStream(1, "map");
        var map = tensor(Enumerable.Range(0, 9 * 32).Select(_ => random.NextNormal()).ToArray(), 9, 32);
        var helix = HelixFit.Helix(s_numbers, 99, [2, 5, 10, 100], hasLine: true).matmul(map);
        var measures = HelixFit.Run(helix, s_numbers, 3, seed: 1);
        var whole = measures[0];
        Assert.Equal((3, 9), (whole.Layer, whole.Columns));
        Assert.Equal(1, whole.HeldOutR2, 1e-9);
        Assert.All(measures.Where(row => row.Basis.StartsWith("helix without", StringComparison.Ordinal)), row => Assert.InRange(row.HeldOutR2, -1, 0.97));
        Assert.True(measures.Single(row => row.Basis.Contains("shuffled", StringComparison.Ordinal)).HeldOutR2 < 0.2);
        Assert.True(measures.Single(row => row.Basis.StartsWith("polynomial", StringComparison.Ordinal)).HeldOutR2 < 0.6);
        Assert.Equal(1, measures.Single(row => row.Basis == "first 27 principal components").HeldOutR2, 1e-9);
    }

    [Fact]
    public void Too_few_numbers_are_refused() =>
        Assert.Throws<InterpException>(() =>
        {
            using var few = zeros(9, 4, dtype: ScalarType.Float64);
            return HelixFit.Run(few, s_numbers[..9], 0, 1);
        });
}
