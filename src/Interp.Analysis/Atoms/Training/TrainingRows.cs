using Interp.Analysis.Activations;
using Interp.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// The rows of a store, scaled to unit mean square: held in memory where they are few, else read batch by batch. The order of the
/// batches is a function of the seed and the step, so nothing of it needs saving.
/// </summary>
internal sealed class TrainingRows : IDisposable
{
    private const long LargestInMemoryBytes = 2L << 30;
    private const int PieceRows = 8192;

    /// <summary>Enough rows for the geometric median.</summary>
    private const int CentreRows = 32768;

    private readonly ActivationStore _store;
    private readonly Tensor? _all;
    private readonly long _seed;
    private RowPermutation _order;
    private long _epoch = -1;

    private TrainingRows(ActivationStore store, HeldOutSplit split, Tensor? all, double scale, long seed)
    {
        _store = store;
        Split = split;
        _all = all;
        Scale = scale;
        _seed = seed;
    }

    /// <summary>The rows trained on and held out.</summary>
    public HeldOutSplit Split { get; }

    /// <summary>The factor that rows are multiplied by.</summary>
    public double Scale { get; }

    /// <summary>Opens the rows and measures their scale on the training part.</summary>
    /// <exception cref="InterpException">There are too few rows, they are all zero, or a number is not finite.</exception>
    public static TrainingRows Open(ActivationStore store, double heldOutFraction, long seed, CancellationToken cancellation)
    {
        if (store.Rows < 2)
        {
            throw new InterpException($"{store.Folder}: holds {store.Rows} rows, too few to train on; capture more tokens");
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var split = HeldOutSplit.Create(store, heldOutFraction, seed, cancellation);
        var all = store.Rows * store.Width * 4 <= LargestInMemoryBytes ? store.ReadAll() : null;
        var rows = new TrainingRows(store, split, all?.DetachFromDisposeScope(), 1, seed);
        try
        {
            var squares = 0.0;
            foreach (var piece in rows.Pieces(split.Train, cancellation))
            {
                using var inner = NewDisposeScope();
                squares += piece.to(ScalarType.Float64).square().sum().item<double>();
                piece.Dispose();
            }

            var mean = squares / split.Train.Length;
            return double.IsFinite(mean) && mean > 0
                ? new TrainingRows(store, split, all, 1 / Math.Sqrt(mean), seed)
                : throw new InterpException($"{store.Folder}: the activations of {store.Hook} are {(mean == 0 ? "all zero" : "not all finite")}; capture them again");
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>The batch of a step: the next rows of an endless row of shuffled epochs.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="size">The rows.</param>
    /// <returns><c>[size, d_in]</c>, owned by the caller.</returns>
    public Tensor Batch(long step, int size)
    {
        var count = Split.Train.LongLength;
        var rows = new long[size];
        for (var i = 0; i < size; i++)
        {
            var place = (step * size) + i;
            if (place / count != _epoch)
            {
                _epoch = place / count;
                _order = new RowPermutation(count, _seed, $"dictionary epoch {_epoch}");
            }

            rows[i] = Split.Train[_order[place % count]];
        }

        return Scaled(rows);
    }

    /// <summary>Rows in pieces that fit in memory, scaled; each piece is owned by the caller.</summary>
    public IEnumerable<Tensor> Pieces(long[] rows, CancellationToken cancellation)
    {
        for (var first = 0; first < rows.Length; first += PieceRows)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Scaled(rows.AsSpan(first, Math.Min(PieceRows, rows.Length - first)));
        }
    }

    /// <summary>Chosen rows, scaled.</summary>
    /// <returns><c>[rows, d_in]</c>, owned by the caller.</returns>
    public Tensor Scaled(ReadOnlySpan<long> rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var picked = _all is null ? _store.Gather(rows) : _all.index_select(0, tensor(rows.ToArray()));
        return picked.mul_(Scale).MoveToOuterDisposeScope();
    }

    /// <summary>The geometric median of (a sample of) the training rows, scaled: Weiszfeld's iteration from the mean, float64.</summary>
    /// <returns><c>[d_in]</c> float64, owned by the caller.</returns>
    public Tensor Centre(CancellationToken cancellation)
    {
        const int Iterations = 50;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var count = Math.Min(CentreRows, Split.Train.Length);
        var order = new RowPermutation(Split.Train.Length, _seed, "dictionary centre");
        long[] sample = [.. Enumerable.Range(0, count).Select(i => Split.Train[order[i]]).Order()];
        var rows = Scaled(sample).to(ScalarType.Float64);
        var centre = rows.mean([0L]);
        for (var i = 0; i < Iterations; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var weights = (rows - centre).norm(1, keepdim: true).clamp_min(1e-12).reciprocal();
            var next = (rows * weights).sum([0L]) / weights.sum();
            var moved = (next - centre).norm().item<double>();
            _ = centre.copy_(next);
            if (moved < 1e-9)
            {
                break;
            }
        }

        return centre.MoveToOuterDisposeScope();
    }

    public void Dispose() => _all?.Dispose();
}
