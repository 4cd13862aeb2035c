using Interp.Compute;
using Interp.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Activations.Capture;

/// <summary>One capture under way.</summary>
internal sealed class CaptureRun : IDisposable
{
    private const long Mebibyte = 1L << 20;

    private readonly CaptureInput _input;
    private readonly CaptureOptions _options;
    private readonly ITokenSource _source;
    private readonly CapturedPositions _positions;
    private readonly RunOptions _run;
    private ActivationWriter? _writer;
    private RowStatistics[] _statistics = [];
    private int _documents;

    public CaptureRun(CaptureInput input, CaptureOptions options, ITokenSource source, CapturedPositions positions)
    {
        _input = input;
        _options = options;
        _source = source;
        _positions = positions;
        _run = new RunOptions { Capture = CaptureAnalysis.Filter(input.Model, options.Hooks), ReturnLogits = LogitPositions.None };
    }

    /// <summary>Runs a batch of documents and keeps its rows.</summary>
    public void Take(TokenBatch batch, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var count = batch.Documents.Count;
        using var result = _input.Model.Run(tensor(batch.Flat, count, batch.Length), _run, cancellation);
        var first = _positions == CapturedPositions.Last ? batch.Length - 1 : batch.LeadingSpecial;
        var kept = batch.Length - first;
        Tensor[] rows = [.. result.Cache.Names.Select(name => Rows(result.Cache[name], first, kept))];
        _writer ??= Start(result.Cache.Names, rows, batch.LeadingSpecial > 0);
        for (var i = 0; i < rows.Length; i++)
        {
            _statistics[i].Add(rows[i]);
        }

        var tokens = new int[count * kept];
        var documents = new int[count * kept];
        var positions = new int[count * kept];
        for (var row = 0; row < tokens.Length; row++)
        {
            var document = row / kept;
            positions[row] = first + (row % kept);
            documents[row] = _documents + document;
            tokens[row] = batch.Documents[document][positions[row]];
        }

        _writer.Add(rows, tokens, documents, positions);
        foreach (var document in batch.Documents)
        {
            _writer.AddDocument(document);
        }

        _documents += count;
    }

    /// <summary>Finishes the folder.</summary>
    public CaptureResult Complete(long documents)
    {
        var manifest = _writer!.Complete();
        return new CaptureResult
        {
            Model = _input.Model.Name,
            Kind = _source.Kind,
            Rows = manifest.Rows,
            Documents = documents,
            Context = _source.Context,
            Positions = _positions,
            Shards = manifest.Shards.Count,
            Bytes = manifest.Shards.Sum(shard => shard.Bytes),
            Hooks = [.. _statistics.Select(statistics => statistics.Summary())],
        };
    }

    public void Dispose() => _writer?.Dispose();

    /// <summary>[b, p, …] to [b·kept, …].</summary>
    private static Tensor Rows(Tensor value, int first, int kept) =>
        value.narrow(1, first, kept).to(ScalarType.Float32).cpu().reshape(value.shape[0] * kept, -1);

    private ActivationWriter Start(IReadOnlyList<string> names, Tensor[] rows, bool hasBegin)
    {
        var points = _input.Model.HookPoints.ToDictionary(point => point.Name);
        if (names.FirstOrDefault(name => !CaptureAnalysis.HasRows(points[name])) is { } unfit)
        {
            throw new InterpException($"{unfit} has no row for each token (its axes are {points[unfit].Axes}): choose a hook with axes [b,p,…]");
        }

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
        var dtype = _options.StoredAs switch
        {
            StoredType.Float16 => ScalarType.Float16,
            StoredType.Bfloat16 => ScalarType.BFloat16,
            _ => ScalarType.Float32,
        };
        return ActivationWriter.Create(_input.OutputFolder, hooks, origin, dtype, _options.ShardSize * Mebibyte);
    }
}
