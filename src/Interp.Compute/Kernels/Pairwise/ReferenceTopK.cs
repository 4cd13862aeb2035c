using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Pairwise;

/// <summary>The definition: differences of float64 rows by torch operations, block by block.</summary>
internal static class ReferenceTopK
{
    private const long BlockNumbers = 1 << 22;

    /// <summary>The numbers of the nearest rows, <c>[n, k]</c>.</summary>
    public static int[,] Of(Tensor rows, int count, CancellationToken cancellation)
    {
        var n = (int)rows.shape[0];
        var nearest = new int[n, count];
        foreach (var (first, block) in Blocks(rows))
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var distances = Squares(rows, first, block);
            distances.diagonal(first).fill_(double.PositiveInfinity);
            var order = distances.topk(count, dim: 1, largest: false, sorted: true).indexes.data<long>().ToArray();
            for (var place = 0; place < order.Length; place++)
            {
                nearest[first + (place / count), place % count] = (int)order[place];
            }
        }

        return nearest;
    }

    /// <summary>All distances.</summary>
    public static Tensor Distances(Tensor rows)
    {
        var distances = empty([rows.shape[0], rows.shape[0]], ScalarType.Float64);
        foreach (var (first, block) in Blocks(rows))
        {
            using var scope = NewDisposeScope();
            distances.narrow(0, first, block).copy_(Squares(rows, first, block).sqrt());
        }

        return distances;
    }

    private static Tensor Squares(Tensor rows, long first, long block) =>
        (rows.narrow(0, first, block).unsqueeze(1) - rows.unsqueeze(0)).square().sum([2L]);

    private static IEnumerable<(int First, int Count)> Blocks(Tensor rows)
    {
        var size = (int)Math.Max(1, BlockNumbers / rows.numel());
        for (var first = 0; first < rows.shape[0]; first += size)
        {
            yield return (first, (int)Math.Min(size, rows.shape[0] - first));
        }
    }
}
