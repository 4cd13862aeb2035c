using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms;

/// <summary>Latents by the largest cosine between their direction and any other's.</summary>
/// <param name="Edges">The bins' edges, from −1 to 1.</param>
/// <param name="Counts">The latents in each bin.</param>
/// <param name="Mean">The mean of the largest cosines.</param>
/// <param name="Latents">The latents counted; the others are not alive.</param>
public sealed record CosineHistogram(IReadOnlyList<double> Edges, IReadOnlyList<int> Counts, double Mean, int Latents)
{
    private const int Bins = 40;
    private const int TileRows = 1024;

    /// <summary>Compares every pair of chosen rows; memory O(tile·n).</summary>
    /// <param name="directions">One direction a row <c>[n, d]</c>.</param>
    /// <param name="chosen">The rows to compare with each other.</param>
    /// <param name="cancellation">Looked at between tiles.</param>
    internal static CosineHistogram Create(Tensor directions, long[] chosen, CancellationToken cancellation = default)
    {
        var counts = new int[Bins];
        double[] edges = [.. Enumerable.Range(0, Bins + 1).Select(i => -1 + (2.0 * i / Bins))];
        if (chosen.Length < 2)
        {
            return new CosineHistogram(edges, counts, double.NaN, chosen.Length);
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var rows = directions.index_select(0, tensor(chosen, device: directions.device)).to(ScalarType.Float32);
        rows = rows / rows.norm(1, keepdim: true).clamp_min(1e-12);
        var sum = 0.0;
        for (long first = 0; first < chosen.Length; first += TileRows)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var cosines = rows.narrow(0, first, Math.Min(TileRows, chosen.Length - first)).matmul(rows.t());
            _ = cosines.diagonal(first).fill_(-2);
            foreach (var largest in cosines.amax([1L]).data<float>().ToArray())
            {
                sum += largest;
                counts[Math.Clamp((int)((largest + 1) / 2 * Bins), 0, Bins - 1)]++;
            }
        }

        return new CosineHistogram(edges, counts, sum / chosen.Length, chosen.Length);
    }
}
