using Interp.Analysis.Activations;
using Interp.Analysis.Atoms.Geometry;
using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Recovery;

/// <summary>
/// Codes and directions solved for in turn: supports by pursuit of what is left, codes by non-negative least
/// squares on them, directions by least squares on the codes (the method of optimal directions).
/// </summary>
/// <remarks>Sources: Pati et al. 1993 (orthogonal matching pursuit); Engan et al. 1999 (method of optimal directions).</remarks>
internal static class DirectionRounds
{
    private const int RowsARound = 6144;
    private const int HeldOutRows = 4096;

    /// <summary>In the last rounds nothing is replaced, so that directions can settle.</summary>
    private const int SettlingRounds = 5;

    /// <summary>A direction nearer than this to an earlier one is the same one twice.</summary>
    private const double SameDirection = 0.9;

    /// <summary>A direction used less than this share of the mean use is spare.</summary>
    private const double LittleUse = 0.2;

    /// <summary>Solves on training rows.</summary>
    /// <returns>Directions <c>[d_sae, d]</c> float64 of unit length, in the caller's scope.</returns>
    public static Tensor Run(Tensor directions, ActivationStore store, RecoveryOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var rows = HeldOutSplit.Create(store, 0.1, options.Seed, cancellation).Train;
        var current = directions.clone();
        for (var round = 0; round < options.Rounds; round++)
        {
            using var scope = NewDisposeScope();
            var order = new RowPermutation(rows.LongLength, options.Seed, $"direction round {round}");
            var x = store.Gather([.. Enumerable.Range(0, Math.Min(RowsARound, rows.Length)).Select(i => rows[order[i]])]).to(ScalarType.Float64);
            var codes = Pursue(x, current, options.Active, cancellation);
            var gram = codes.t().matmul(codes);
            var level = 1e-6 * gram.diagonal().mean().item<double>();
            var solved = linalg.solve(gram + (eye(gram.shape[0], dtype: ScalarType.Float64) * level), codes.t().matmul(x) + (current * level));
            var lengths = solved.norm(1, keepdim: true);
            _ = current.copy_(where(lengths > 1e-9, solved / lengths.clamp_min(1e-9), current));
            if (round < options.Rounds - SettlingRounds)
            {
                Replace(current, codes, x);
            }

            progress?.Report(new StepProgress("solve for directions", round + 1, options.Rounds, "rounds"));
        }

        return current;
    }

    /// <summary>Directions that are hardly used, or there twice, start again at what is left of the rows that are explained worst.</summary>
    private static void Replace(Tensor directions, Tensor codes, Tensor x)
    {
        using var scope = NewDisposeScope();
        var uses = codes.gt(0).sum([0L]).to(ScalarType.Float64);
        var twice = directions.matmul(directions.t()).tril(-1).amax([1L]).gt(SameDirection);
        var spare = uses.lt(uses.mean() * LittleUse).logical_or(twice).nonzero().squeeze(1);
        var residual = x - codes.matmul(directions);
        var lengths = residual.norm(1);
        var count = (int)Math.Min(spare.shape[0], lengths.gt(1e-6).sum().item<long>());
        if (count > 0)
        {
            var worst = lengths.topk(count, 0).indexes;
            var fresh = residual.index_select(0, worst);
            _ = directions.index_copy_(0, spare.narrow(0, 0, count), fresh / fresh.norm(1, keepdim: true));
        }
    }

    /// <summary>Explained variance and L0 of refitted codes on held-out rows.</summary>
    public static (double Explained, double L0) HeldOut(Tensor directions, ActivationStore store, RecoveryOptions options, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var rows = HeldOutSplit.Create(store, 0.1, options.Seed, cancellation).HeldOut;
        var x = store.Gather(rows.AsSpan(0, Math.Min(rows.Length, HeldOutRows))).to(ScalarType.Float64);
        var codes = Pursue(x, directions, options.Active, cancellation);
        var metrics = new DictionaryMetrics((int)directions.shape[0]);
        metrics.Add(x, codes, codes.matmul(directions));
        return (metrics.ExplainedVariance, metrics.L0);
    }

    /// <summary>Adds the direction nearest to what is left, and solves again, until so many are active or nothing is left.</summary>
    private static Tensor Pursue(Tensor x, Tensor directions, int most, CancellationToken cancellation)
    {
        const double Left = 1e-5;
        using var scope = NewDisposeScope();
        var codes = zeros(x.shape[0], directions.shape[0], dtype: ScalarType.Float64);
        var lengths = x.norm(1);
        for (var taken = 0; taken < most; taken++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var residual = x - codes.matmul(directions);
            var open = residual.norm(1).gt(lengths * Left);
            if (!open.any().item<bool>())
            {
                break;
            }

            var products = residual.matmul(directions.t()).masked_fill(codes.gt(0), double.NegativeInfinity);
            var next = products.argmax(1, keepdim: true);
            var support = codes.gt(0).to(ScalarType.Float64).scatter_add_(1, next, open.to(ScalarType.Float64).unsqueeze(1));
            _ = codes.copy_(CodeRefit.Run(x, support, directions, cancellation));
        }

        return codes.MoveToOuterDisposeScope();
    }
}
