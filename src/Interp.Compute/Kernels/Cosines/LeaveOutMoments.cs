using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Cosines;

/// <summary>Moments within each of several blocks of rows and of all rows without it, from K_b and K − K_b.</summary>
internal static class LeaveOutMoments
{
    /// <summary>The moments without each of several random blocks.</summary>
    public static IReadOnlyList<CosineMoments> OfRandomBlocks(Tensor rows, int blocks, long seed, CancellationToken cancellation)
    {
        var count = (int)rows.shape[0];
        var order = SplitMix64.ForStream(seed, "blocks of rows").Permutation(count).Select(row => (long)row).ToArray();
        var members = Enumerable.Range(0, blocks).Select(block => order[(int)((long)block * count / blocks)..(int)((block + 1L) * count / blocks)]).ToArray();
        var parts = Of(rows, members, cancellation);
        return parts.All(part => part.Without is not null)
            ? [.. parts.Select(part => part.Without!)]
            : throw new InterpException($"{parts.Sum(part => part.Rows)} rows cannot be left out in {blocks} blocks: choose fewer blocks");
    }

    /// <summary>The moments within and without each block; null where fewer than two rows have a direction.</summary>
    /// <param name="rows">Rows <c>[V, d]</c>.</param>
    /// <param name="members">The row numbers of each block; every row in one of them.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public static IReadOnlyList<GroupMoments> Of(Tensor rows, IReadOnlyList<long[]> members, CancellationToken cancellation)
    {
        using var noGrad = no_grad();
        var count = rows.shape[0];
        using var whole = new GramSums((int)rows.shape[1], ScalarType.Float64, rows.device);
        foreach (var block in members)
        {
            cancellation.ThrowIfCancellationRequested();
            using var part = Of(rows, block);
            whole.Add(part);
        }

        return [.. members.Select(block =>
        {
            cancellation.ThrowIfCancellationRequested();
            using var part = Of(rows, block);
            return new GroupMoments(
                part.Rows,
                part.Rows >= 2 ? part.Moments(block.Length - part.Rows) : null,
                whole.Rows - part.Rows >= 2 ? whole.Moments(count - whole.Rows - (block.Length - part.Rows), part) : null);
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
