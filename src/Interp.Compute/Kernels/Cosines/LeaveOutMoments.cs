using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>Moments with each of several random blocks of rows left out, from K − K_b.</summary>
internal static class LeaveOutMoments
{
    public static IReadOnlyList<CosineMoments> Of(Tensor rows, int blocks, long seed, CancellationToken cancellation)
    {
        using var noGrad = no_grad();
        var count = (int)rows.shape[0];
        var order = SplitMix64.ForStream(seed, "blocks of rows").Permutation(count).Select(row => (long)row).ToArray();
        var members = Enumerable.Range(0, blocks).Select(block => order[(int)((long)block * count / blocks)..(int)((block + 1L) * count / blocks)]).ToArray();
        using var whole = new GramSums((int)rows.shape[1], ScalarType.Float64, rows.device);
        foreach (var block in members)
        {
            cancellation.ThrowIfCancellationRequested();
            using var part = Of(rows, block);
            whole.Add(part);
        }

        if (whole.Rows <= blocks + 1)
        {
            throw new InterpException($"{whole.Rows} rows cannot be left out in {blocks} blocks: choose fewer blocks");
        }

        return [.. members.Select(block =>
        {
            cancellation.ThrowIfCancellationRequested();
            using var part = Of(rows, block);
            return whole.Moments(count - whole.Rows, part);
        })];
    }

    private static GramSums Of(Tensor rows, long[] members)
    {
        using var scope = NewDisposeScope();
        var sums = new GramSums((int)rows.shape[1], ScalarType.Float64, rows.device);
        var unit = empty([Math.Min(RowScaling.BlockRows, members.Length), rows.shape[1]], ScalarType.Float64, rows.device);
        var numbers = new List<int>();
        foreach (var some in members.Chunk(RowScaling.BlockRows))
        {
            using var inner = NewDisposeScope();
            var kept = RowScaling.Into(rows.index_select(0, tensor(some, device: rows.device)), unit, 0, numbers, sums.Sums);
            sums.AddProducts(unit.narrow(0, 0, kept));
        }

        return sums;
    }
}
