using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>Moments with each of several random blocks of rows left out: ‖K − K_b‖² = ‖K‖² − 2⟨K, K_b⟩ + ‖K_b‖².</summary>
internal static class LeaveOutMoments
{
    public static IReadOnlyList<CosineMoments> Of(UnitRows rows, int blocks, long seed, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var order = SplitMix64.ForStream(seed, "blocks of rows").Permutation(rows.Count).Select(row => (long)row).ToArray();
        var members = Enumerable.Range(0, blocks).Select(block => order[(int)((long)block * rows.Count / blocks)..(int)((block + 1L) * rows.Count / blocks)]).ToArray();
        var whole = Sums.Zero(rows);
        foreach (var block in members)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            whole.Add(Sums.Of(rows, block));
        }

        return [.. members.Select(block =>
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            return Without(rows, whole, Sums.Of(rows, block), rows.Count - block.Length);
        })];
    }

    private static CosineMoments Without(UnitRows rows, Sums whole, Sums block, long kept)
    {
        var pairs = (double)kept * (kept - 1);
        var norms = whole.Norms - block.Norms;
        var mean = ((whole.Sum - block.Sum).square().sum().item<double>() - norms[0].item<double>()) / pairs;
        var meanSquare = ((whole.Gram - block.Gram).square().sum().item<double>() - norms[1].item<double>()) / pairs;
        return new CosineMoments(kept, rows.Given - rows.Count, rows.Dimension, mean, meanSquare, Math.Sqrt(Math.Max(meanSquare - (mean * mean), 0)));
    }

    /// <summary>s = Σ x, K = Σ x xᵀ, and Σ‖x‖² beside Σ‖x‖⁴.</summary>
    private sealed record Sums(Tensor Sum, Tensor Gram, Tensor Norms)
    {
        public static Sums Zero(UnitRows rows) => new(
            zeros(rows.Dimension, ScalarType.Float64, rows.Values.device),
            zeros([rows.Dimension, rows.Dimension], ScalarType.Float64, rows.Values.device),
            zeros(2, ScalarType.Float64, rows.Values.device));

        public static Sums Of(UnitRows rows, long[] members)
        {
            var some = rows.Values.index_select(0, tensor(members, device: rows.Values.device)).to(ScalarType.Float64);
            var squares = some.square().sum([1L]);
            return new Sums(some.sum([0L]), some.t().matmul(some), stack([squares.sum(), squares.square().sum()]));
        }

        public void Add(Sums other)
        {
            Sum.add_(other.Sum);
            Gram.add_(other.Gram);
            Norms.add_(other.Norms);
        }
    }
}
