using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Memories;

/// <summary>
/// Scores S = A Bᵀ of keys against values, tile by tile and never whole: of each key the target's score, the best other score, the
/// target's rank, and the winner. A target wins only as the single largest: equal scores count against it.
/// </summary>
internal sealed class AssociationScores
{
    private const long TileNumbers = 1 << 24;

    private AssociationScores(int keys)
    {
        Target = new double[keys];
        BestOther = new double[keys];
        Rank = new int[keys];
        Winner = new int[keys];
    }

    /// <summary>The largest score of the key's targets.</summary>
    public double[] Target { get; }

    /// <summary>The largest score of the other values.</summary>
    public double[] BestOther { get; }

    /// <summary>1 + the number of other values that score at least as much as the target.</summary>
    public int[] Rank { get; }

    /// <summary>The value of largest score where it is the only one, else −1.</summary>
    public int[] Winner { get; }

    /// <summary>Margins, target less best other.</summary>
    public double[] Margins => [.. Target.Zip(BestOther, (target, other) => target - other)];

    /// <summary>Scores keys <c>[N, r]</c> against values <c>[M, r]</c> at 2NMr operations.</summary>
    /// <param name="keys">A.</param>
    /// <param name="values">B.</param>
    /// <param name="targets">The values that count as right for each key, one at least.</param>
    /// <param name="cancellation">Stops between tiles.</param>
    public static AssociationScores Of(Tensor keys, Tensor values, IReadOnlyList<int[]> targets, CancellationToken cancellation)
    {
        using var noGrad = no_grad();
        var scores = new AssociationScores(targets.Count);
        var most = targets.Max(list => list.Length);
        var tile = (int)Math.Clamp(TileNumbers / values.shape[0], 1, 4096);
        for (var first = 0; first < targets.Count; first += tile)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(tile, targets.Count - first);
            var product = keys.narrow(0, first, count).matmul(values.t()); // [I, M]

            // Keys with fewer targets name their first again.
            var places = tensor(Enumerable.Range(first, count).SelectMany(key => Enumerable.Range(0, most).Select(place => (long)targets[key][Math.Min(place, targets[key].Length - 1)])).ToArray(), count, most, device: keys.device);
            var target = product.gather(1, places).amax([1L]);
            var (largest, where) = product.max(1);
            var isSingle = product.eq(largest.unsqueeze(1)).sum([1L]).eq(1);
            product.scatter_(1, places, full_like(target.unsqueeze(1).expand(count, most), double.NegativeInfinity));
            var ranks = product.ge(target.unsqueeze(1)).sum([1L]) + 1;
            scores.Store(first, target, product.amax([1L]), ranks, where.masked_fill(isSingle.logical_not(), -1));
        }

        return scores;
    }

    /// <summary>The share of keys whose target ranks at most k, weighted.</summary>
    public double Recall(int k, IReadOnlyList<double> weights)
    {
        var (right, total) = (0.0, 0.0);
        for (var key = 0; key < Rank.Length; key++)
        {
            right += Rank[key] <= k ? weights[key] : 0;
            total += weights[key];
        }

        return right / total;
    }

    private void Store(int first, Tensor target, Tensor other, Tensor ranks, Tensor winners)
    {
        target.to(ScalarType.Float64).cpu().ToVector().CopyTo(Target, first);
        other.to(ScalarType.Float64).cpu().ToVector().CopyTo(BestOther, first);
        Array.ConvertAll(ranks.to(ScalarType.Int64).cpu().data<long>().ToArray(), rank => (int)rank).CopyTo(Rank, first);
        Array.ConvertAll(winners.cpu().data<long>().ToArray(), winner => (int)winner).CopyTo(Winner, first);
    }
}
