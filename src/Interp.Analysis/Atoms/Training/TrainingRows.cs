using Interp.Analysis.Activations;
using Interp.Analysis.Activations.Live;
using Interp.Compute;
using Interp.Compute.Devices;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// The rows of a store (and, for a transcoder, of the hook it writes), scaled to unit mean square: held in memory where they are few, else
/// read batch by batch. The order of the batches is a function of the seed and the step, so nothing of it needs saving, and any number of
/// dictionaries see the same rows. With a live stream the batches are its rows, and the store is a sample for scales, starts and measuring.
/// </summary>
internal sealed class TrainingRows : IDisposable
{
    private const long LargestInMemoryBytes = 2L << 30;
    private const int PieceRows = 8192;

    /// <summary>Enough rows for the geometric median.</summary>
    private const int CentreRows = 32768;

    private readonly ActivationStore _store;
    private readonly ActivationStore? _target;
    private readonly Tensor? _all;
    private readonly Tensor? _allTargets;
    private readonly long _seed;
    private readonly Lock _gate = new();
    private RowPermutation _order;
    private long _epoch = -1;
    private ActivationStream? _live;

    private TrainingRows(ActivationStore store, ActivationStore? target, HeldOutSplit split, Tensor? all, Tensor? allTargets, double scale, double targetScale, long seed, Device device)
    {
        (_store, _target, _all, _allTargets, _seed, Device) = (store, target, all, allTargets, seed, device);
        Split = split;
        Scale = scale;
        TargetScale = targetScale;
    }

    /// <summary>The rows trained on and held out.</summary>
    public HeldOutSplit Split { get; }

    /// <summary>Where batches, and so all that is computed of them, are. What is stored or drawn by a seed is on the CPU first.</summary>
    public Device Device { get; }

    /// <summary>The factor that rows are multiplied by.</summary>
    public double Scale { get; }

    /// <summary>The factor that targets are multiplied by; <see cref="Scale"/> for an autoencoder.</summary>
    public double TargetScale { get; }

    /// <summary>Whether a batch is read from disk or comes from a model, or goes to another device, so that fetching it ahead is worth a thread.</summary>
    public bool IsFetched => _all is null || _live is not null || Device.type != DeviceType.CPU;

    /// <summary>What tells the rows of batches apart from those of the same store alone; null without a live stream.</summary>
    public string? LiveIdentity => _live is null ? null : $"live {_live.RowsARound}";

    /// <summary>Takes batches from a live model from here on.</summary>
    /// <param name="live">The stream, of the hook read and, for a transcoder, the one written; owned by this instance from here on.</param>
    public void StreamFrom(ActivationStream live) => _live = live;

    /// <summary>Opens the rows and measures their scales on the training part.</summary>
    /// <param name="store">The rows to read.</param>
    /// <param name="target">The rows to write, of the same capture; null for an autoencoder.</param>
    /// <param name="heldOutFraction">The share of documents kept aside.</param>
    /// <param name="seed">The seed of the split and of the order.</param>
    /// <param name="device">Where to train.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InterpException">There are too few rows, they are all zero, or a number is not finite.</exception>
    public static TrainingRows Open(ActivationStore store, ActivationStore? target, double heldOutFraction, long seed, Device device, CancellationToken cancellation)
    {
        if (store.Rows < 2)
        {
            throw new InterpException($"{store.Folder}: holds {store.Rows} rows, too few to train on; capture more tokens");
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var threads = new TensorThreads(1);
        var split = HeldOutSplit.Create(store, heldOutFraction, seed, cancellation);
        var width = store.Width + (target?.Width ?? 0);
        var fits = store.Rows * width * 4L <= LargestInMemoryBytes && store.Rows * Math.Max(store.Width, target?.Width ?? 0) < int.MaxValue;
        var all = fits ? store.ReadAll().DetachFromDisposeScope() : null;
        var allTargets = fits ? target?.ReadAll().DetachFromDisposeScope() : null;
        var rows = new TrainingRows(store, target, split, all, allTargets, 1, 1, seed, CPU);
        try
        {
            double squares = 0, targetSquares = 0;
            foreach (var piece in rows.Pieces(split.Train, cancellation))
            {
                using var inner = NewDisposeScope();
                squares += piece.Input.to(ScalarType.Float64).square().sum().item<double>();
                targetSquares += target is null ? 0 : piece.Target.to(ScalarType.Float64).square().sum().item<double>();
                piece.Dispose();
            }

            var scale = ScaleOf(store, squares / split.Train.Length);
            return new TrainingRows(store, target, split, all, allTargets, scale, target is null ? scale : ScaleOf(target, targetSquares / split.Train.Length), seed, device);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>The batch of a step: the next rows of an endless row of shuffled epochs. May be called from another thread.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="size">The rows.</param>
    /// <returns>The batch, owned by the caller.</returns>
    public TrainingBatch Batch(long step, int size)
    {
        if (_live is not null)
        {
            return Streamed(step * size, size);
        }

        var count = Split.Train.LongLength;
        var rows = new long[size];
        lock (_gate)
        {
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
        }

        return Scaled(rows);
    }

    /// <summary>Rows in pieces that fit in memory, scaled; each piece is owned by the caller.</summary>
    public IEnumerable<TrainingBatch> Pieces(long[] rows, CancellationToken cancellation)
    {
        for (var first = 0; first < rows.Length; first += PieceRows)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Scaled(rows.AsSpan(first, Math.Min(PieceRows, rows.Length - first)));
        }
    }

    /// <summary>Chosen rows, scaled.</summary>
    /// <returns>A batch owned by the caller.</returns>
    public TrainingBatch Scaled(ReadOnlySpan<long> rows)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var input = Picked(_store, _all, rows).mul_(Scale);
        var target = _target is null ? input.alias() : Picked(_target, _allTargets, rows).mul_(TargetScale);
        return Placed(input, target);
    }

    /// <summary>The geometric median of (a sample of) the training rows, scaled: Weiszfeld's iteration from the mean, float64.</summary>
    /// <returns><c>[d]</c> float64, owned by the caller.</returns>
    public Tensor Centre(CentreOf which, CancellationToken cancellation)
    {
        const int Iterations = 50;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var threads = new TensorThreads(1);
        var count = Math.Min(CentreRows, Split.Train.Length);
        var order = new RowPermutation(Split.Train.Length, _seed, "dictionary centre");
        long[] sample = [.. Enumerable.Range(0, count).Select(i => Split.Train[order[i]]).Order()];
        using var batch = Scaled(sample);
        var rows = (which == CentreOf.Input ? batch.Input : batch.Target).to(ScalarType.Float64);
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

    public void Dispose()
    {
        _live?.Dispose();
        _all?.Dispose();
        _allTargets?.Dispose();
    }

    private TrainingBatch Streamed(long first, int count)
    {
        lock (_gate)
        {
            using var noGradient = no_grad();
            var rows = _live!.Read(first, count);
            using var scope = NewDisposeScope();
            Array.ForEach(rows, part => scope.Attach(part));
            return Placed(rows[0].mul_(Scale), _target is null ? rows[0].alias() : rows[1].mul_(TargetScale));
        }
    }

    /// <summary>A batch on the device that trains, owned by the caller.</summary>
    private TrainingBatch Placed(Tensor input, Tensor target)
    {
        var placed = DeviceCopy.Of(input, Device);
        var isCopied = !ReferenceEquals(placed, input);
        return new TrainingBatch(
            placed.DetachFromDisposeScope(), (_target is null && isCopied ? placed.alias() : DeviceCopy.Of(target, Device)).DetachFromDisposeScope());
    }

    private Tensor Picked(ActivationStore store, Tensor? all, ReadOnlySpan<long> rows)
    {
        if (all is not null)
        {
            return all.index_select(0, tensor(rows.ToArray()));
        }

        // A store's readers are for one thread at a time.
        lock (_gate)
        {
            return store.Gather(rows);
        }
    }

    private static double ScaleOf(ActivationStore store, double meanSquare) => double.IsFinite(meanSquare) && meanSquare > 0
        ? 1 / Math.Sqrt(meanSquare)
        : throw new InterpException($"{store.Folder}: the activations of {store.Hook} are {(meanSquare == 0 ? "all zero" : $"not all finite ({WhereNotFinite(store)})")}; capture them again, or leave those rows out");

    /// <summary>The first row with a number that is not finite, for the message.</summary>
    private static string WhereNotFinite(ActivationStore store)
    {
        for (long first = 0; first < store.Rows; first += PieceRows)
        {
            using var scope = NewDisposeScope();
            var piece = store.Read(first, (int)Math.Min(PieceRows, store.Rows - first));
            var broken = piece.isfinite().all(1).logical_not().nonzero();
            if (broken.shape[0] > 0)
            {
                return $"row {first + broken[0, 0].item<long>()} is the first";
            }
        }

        return "their squares overflow";
    }
}
