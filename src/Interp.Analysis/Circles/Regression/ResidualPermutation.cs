using Interp.Compute.Statistics;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Regression;

/// <summary>
/// The permutation test of Freedman and Lane (1983): rows of the residual are shuffled, what the design explains of them is taken
/// out again, and the group's share of the rest is compared with its share of the residual itself.
/// </summary>
internal static class ResidualPermutation
{
    /// <summary>The p-value, the observed order counted among the draws.</summary>
    /// <param name="basis">An orthonormal basis of the design <c>[n, rank]</c>.</param>
    /// <param name="own">One of the group's part that the design cannot make <c>[n, df]</c>.</param>
    /// <param name="residual">The residual <c>[n, m]</c>.</param>
    /// <param name="draws">How many shuffles.</param>
    /// <param name="seed">Their seed.</param>
    /// <param name="cancellation">Stops between shuffles.</param>
    public static double PValue(Tensor basis, Tensor own, Tensor residual, int draws, long seed, CancellationToken cancellation)
    {
        var random = SplitMix64.ForStream(seed, "regression permutations");
        var observed = Share(own, residual);
        var least = 1;
        for (var draw = 0; draw < draws; draw++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var shuffled = residual.index_select(0, tensor(Array.ConvertAll(random.Permutation((int)residual.shape[0]), row => (long)row)));
            least += Share(own, shuffled - basis.matmul(basis.t().matmul(shuffled))) >= observed ? 1 : 0;
        }

        return (double)least / (draws + 1);
    }

    private static double Share(Tensor own, Tensor residual)
    {
        using var scope = NewDisposeScope();
        return (own.t().matmul(residual).square().sum() / residual.square().sum()).item<double>();
    }
}
