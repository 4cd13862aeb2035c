using Interp.Compute;
using Interp.Compute.Devices;
using Interp.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Activations.Capture;

/// <summary>One capture, or part of one, under way.</summary>
internal sealed class CaptureRun : IDisposable
{
    private readonly CaptureInput _input;
    private readonly CaptureOptions _options;
    private readonly ITokenSource _source;
    private readonly CapturedPositions _positions;
    private readonly WorkPart? _part;
    private readonly RunOptions _run;
    private readonly WriterIdentity _identity;
    private readonly StoppedCapture? _stopped;
    private readonly List<(int[] Tokens, int Number)> _prompts = [];
    private ActivationWriter? _writer;
    private PendingRows? _underWay;
    private RowStatistics[] _statistics = [];
    private long _candidates;

    public CaptureRun(CaptureInput input, CaptureOptions options, ITokenSource source, CapturedPositions positions, WorkPart? part)
    {
        _input = input;
        _options = options;
        _source = source;
        _positions = positions;
        _part = part;
        _run = new RunOptions { Capture = CaptureAnalysis.Filter(input.Model, options.Hooks), ReturnLogits = LogitPositions.None };
        var text = CaptureIdentity.Of(input, options, source, positions);
        var own = part is { } asked ? new ActivationPart(asked.Index, asked.Count, text) : null;
        var state = options.Resume ? CaptureState.TryRead(input.OutputFolder, $"{text}-{part}") : null;
        if (state is null)
        {
            CaptureState.Clear(input.OutputFolder, []);
        }

        _identity = new WriterIdentity($"{text}-{part}", own, state);
        _stopped = state is null ? null : StoppedCapture.Open(input.OutputFolder, state);
    }

    /// <summary>What a batch of documents holds in the model's memory at least.</summary>
    public MemoryPlan Plan(TokenBatch batch) => RunMemory.Of(_input.Model, batch.Documents.Count, batch.Length, _run);

    /// <summary>Runs a batch of documents and keeps its rows, or finds them in the shards of the stopped capture.</summary>
    /// <param name="batch">The documents.</param>
    /// <param name="firstDocument">The number of the first of them in the whole capture.</param>
    /// <param name="cancellation">Stops the run between blocks of the model.</param>
    public void Take(TokenBatch batch, int firstDocument, CancellationToken cancellation)
    {
        var first = _positions == CapturedPositions.Last ? batch.Length - 1 : batch.LeadingSpecial;
        if (_stopped is null || !_stopped.Holds(firstDocument + batch.Documents.Count))
        {
            Run(batch, firstDocument, first, cancellation);
        }

        _candidates += (long)batch.Documents.Count * (batch.Length - first);
        _prompts.AddRange(batch.Documents.Select((tokens, i) => (tokens, firstDocument + i)));
    }

    /// <summary>Finishes the folder.</summary>
    public CaptureResult Complete()
    {
        KeepLast();
        var writer = _writer ?? throw new InterpException(_part is { } part
            ? $"--shard {part} has nothing to capture: the text gives fewer batches than there are parts; use fewer parts"
            : "every row was left out: raise --outlier-norm");
        foreach (var (tokens, number) in _prompts)
        {
            writer.AddDocument(tokens, number);
        }

        writer.Dropped = _candidates - writer.Rows;
        return Result(writer.Complete(), _prompts.Count, _positions, _statistics);
    }

    /// <summary>What is told of a finished folder.</summary>
    internal static CaptureResult Result(ActivationManifest manifest, long documents, CapturedPositions positions, RowStatistics[] statistics) => new()
    {
        Model = manifest.Origin.Model!,
        Kind = manifest.Origin.Kind!,
        Rows = manifest.Rows,
        Dropped = manifest.Dropped,
        Documents = documents,
        Context = manifest.Origin.Context,
        Positions = positions,
        Shards = manifest.Shards.Count,
        Bytes = manifest.Shards.Sum(shard => shard.Bytes),
        Hooks = [.. statistics.Select(hook => hook.Summary())],
    };

    public void Dispose()
    {
        _underWay?.Copies.Dispose();
        _writer?.Dispose();
        _stopped?.Dispose();
    }

    /// <summary>Runs a batch. Its rows are kept at once on the CPU; from a GPU they come while the next batch runs.</summary>
    private void Run(TokenBatch batch, int firstDocument, int first, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var count = batch.Documents.Count;
        using var result = _input.Model.Run(tensor(batch.Flat, count, batch.Length), _run, cancellation);
        var kept = batch.Length - first;
        RequireRows(result.Cache.Names);
        var rows = HostCopy.Start([.. result.Cache.Names.Select(name => Rows(result.Cache[name], first, kept))], ScalarType.Float32);
        var before = _underWay;
        _underWay = new PendingRows(batch, firstDocument, first, [.. result.Cache.Names], rows);
        if (before is not null)
        {
            Keep(before);
        }

        if (!rows.IsUnderWay)
        {
            KeepLast();
        }
    }

    private void KeepLast()
    {
        if (_underWay is { } last)
        {
            _underWay = null;
            Keep(last);
        }
    }

    private void Keep(PendingRows pending)
    {
        using var copies = pending.Copies;
        using var scope = NewDisposeScope();
        var (batch, firstDocument, first) = (pending.Batch, pending.FirstDocument, pending.First);
        var kept = batch.Length - first;
        Tensor[] rows = [.. copies.Wait()];
        var places = RowFilter.Kept(rows, _options.OutlierNorm);
        rows = places.Length == rows[0].shape[0] ? rows : [.. rows.Select(hook => hook.index_select(0, tensor(places)))];
        rows = [.. rows.Select(Stored)];
        _writer ??= Start(pending.Hooks, rows, batch.LeadingSpecial > 0);
        int[] documents = [.. places.Select(row => firstDocument + (int)(row / kept))];
        int[] positions = [.. places.Select(row => first + (int)(row % kept))];
        int[] tokens = [.. places.Select((_, i) => batch.Documents[documents[i] - firstDocument][positions[i]])];
        var known = _stopped?.Take(rows, documents, positions) ?? 0;
        if (known == documents.Length)
        {
            return;
        }

        rows = [.. rows.Select(hook => hook.narrow(0, known, documents.Length - known))];
        for (var i = 0; i < rows.Length; i++)
        {
            _statistics[i].Add(rows[i]);
        }

        _writer.Add(rows, tokens.AsSpan(known), documents.AsSpan(known), positions.AsSpan(known));
    }

    /// <summary>[b, p, …] to [b·kept, …].</summary>
    private static Tensor Rows(Tensor value, int first, int kept) => value.narrow(1, first, kept).reshape(value.shape[0] * kept, -1);

    // As a reader will get them, so that what is told of them is true of the shards.
    private Tensor Stored(Tensor rows) => _options.StoredAs == StoredType.Float32 ? rows : rows.to(Dtype).to(ScalarType.Float32);

    private ScalarType Dtype => _options.StoredAs switch
    {
        StoredType.Float16 => ScalarType.Float16,
        StoredType.Bfloat16 => ScalarType.BFloat16,
        _ => ScalarType.Float32,
    };

    private void RequireRows(IReadOnlyList<string> names)
    {
        var points = _input.Model.HookPoints.ToDictionary(point => point.Name);
        if (names.FirstOrDefault(name => !CaptureAnalysis.HasRows(points[name])) is { } unfit)
        {
            throw new InterpException($"{unfit} has no row for each token (its axes are {points[unfit].Axes}): choose a hook with axes [b,p,…]");
        }
    }

    private ActivationWriter Start(IReadOnlyList<string> names, Tensor[] rows, bool hasBegin)
    {
        const long Mebibyte = 1L << 20;
        var hooks = names.Select((name, i) => new ActivationHook(name, (int)rows[i].shape[1])).ToArray();
        _statistics = [.. hooks.Select(hook => new RowStatistics(hook.Name, hook.Width))];
        var origin = new ActivationOrigin
        {
            Model = _input.Model.Name,
            Kind = _source.Kind,
            Modulus = _source.Kind == ModelTask.ModularAddition ? _input.Model.Task!.Modulus : null,
            Context = _source.Context,
            BeginToken = hasBegin,
            Positions = _positions == CapturedPositions.Last ? "last" : "all",
            Seed = _options.Seed,
        };
        _stopped?.Replay(hooks, _statistics);
        return ActivationWriter.Create(_input.OutputFolder, hooks, origin, Dtype, _options.ShardSize * Mebibyte, _identity);
    }

    /// <summary>Rows that come from the device.</summary>
    private sealed record PendingRows(TokenBatch Batch, int FirstDocument, int First, IReadOnlyList<string> Hooks, HostCopy Copies);
}
