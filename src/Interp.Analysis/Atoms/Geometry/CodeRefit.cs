using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Geometry;

/// <summary>
/// Solves the codes of rows again by least squares on the latents that fired: the thresholded encoder finds the support, and its magnitudes
/// carry an error that grows with the coherence.
/// </summary>
internal static class CodeRefit
{
    private const double Ridge = 1e-8;
    private const long NumbersAtOnce = 1L << 23;

    /// <summary>Refits codes; latents whose coefficient comes out negative are dropped and the rest solved again until none is.</summary>
    /// <param name="rows">Activations less b_dec <c>[n, d]</c>.</param>
    /// <param name="codes">Codes <c>[n, d_sae]</c>; their non-zero entries are the supports.</param>
    /// <param name="directions">One direction a row <c>[d_sae, d]</c>.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <returns>Codes <c>[n, d_sae]</c>, float64, owned by the caller.</returns>
    public static Tensor Run(Tensor rows, Tensor codes, Tensor directions, CancellationToken cancellation = default)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var wide = rows.to(ScalarType.Float64);
        var dictionary = directions.to(ScalarType.Float64);
        var support = codes.gt(0);
        var result = zeros(codes.shape, ScalarType.Float64);
        while (true)
        {
            using var inner = NewDisposeScope();
            _ = result.zero_();
            Solve(wide, support, dictionary, result, cancellation);
            var negative = result.lt(0);
            if (!negative.any().item<bool>())
            {
                return result.MoveToOuterDisposeScope();
            }

            _ = support.masked_fill_(negative, false);
        }
    }

    /// <summary>Rows with equally many latents are solved together.</summary>
    private static void Solve(Tensor rows, Tensor support, Tensor directions, Tensor result, CancellationToken cancellation)
    {
        var counts = support.sum(1).data<long>().ToArray();
        foreach (var bucket in counts.Index().Where(entry => entry.Item > 0).GroupBy(entry => entry.Item).OrderBy(group => group.Key))
        {
            var size = (int)Math.Max(1, NumbersAtOnce / (bucket.Key * rows.shape[1]));
            foreach (var places in bucket.Select(entry => (long)entry.Index).Chunk(size))
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var picked = tensor(places);
                var latents = support.index_select(0, picked).nonzero().select(1, 1).reshape(places.Length, bucket.Key);
                var atoms = directions.index_select(0, latents.reshape(-1)).reshape(places.Length, bucket.Key, -1); // [m, K, d]
                var gram = atoms.matmul(atoms.transpose(1, 2));
                var level = gram.diagonal(0, 1, 2).mean([1L]).mul_(Ridge).reshape(-1, 1, 1);
                var right = atoms.matmul(rows.index_select(0, picked).unsqueeze(2));
                var solved = linalg.solve(gram + (eye(bucket.Key, dtype: ScalarType.Float64) * level), right).squeeze(2);
                var filled = zeros(places.Length, support.shape[1], dtype: ScalarType.Float64).scatter_(1, latents, solved);
                _ = result.index_copy_(0, picked, filled);
            }
        }
    }
}
