using Interp.Analysis.Activations.Capture;
using Interp.Compute;
using Interp.Compute.Devices;
using Interp.Compute.Statistics;
using Interp.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Activations.Live;

/// <summary>
/// Rows of a live model without end, mixed in a bounded buffer, while the model runs a block ahead. A row is a function of seed and place: a
/// stream that is opened again and asked for the same place gives the same bytes, so a run that was killed goes on exactly.
/// </summary>
/// <remarks>
/// The buffer is an interleaver. A block of documents gives R rows, which are shuffled and cut into 16 slices; round r is made of slice 15 of block
/// r, slice 14 of block r + 1, … slice 0 of block r + 15, shuffled. So neighbours of a document are served up to 16 rounds apart, and what is held
/// is the slices still to come: 8.5 blocks, the round being served and the block being run. Going to another place runs 16 blocks.
/// Not thread-safe.
/// </remarks>
public sealed class ActivationStream : IDisposable
{
    /// <summary>The blocks that a round mixes.</summary>
    private const int Slices = 16;

    /// <summary>Blocks held at once: the slices to come, a round, a block under way, and both copies while one is shuffled.</summary>
    private const double BlocksHeld = ((Slices + 1) / 2.0) + 3;

    private readonly LiveModel _model;
    private readonly LiveDocuments _documents;
    private readonly long _seed;
    private readonly int _documentsABlock;
    private readonly int _documentLength;
    private readonly CancellationTokenSource _stop = new();
    private readonly Queue<Tensor[][]> _blocks = [];
    private WorkerThread? _worker;
    private Task<Tensor[][]>? _ahead;
    private long _aheadBlock = -1;
    private Tensor[] _round = [];
    private long _roundNumber = -1;

    private ActivationStream(LiveModel model, LiveDocuments documents, ActivationStreamOptions options, IReadOnlyList<string> hooks)
    {
        (_model, _documents, _seed, Hooks) = (model, documents, options.Seed, hooks);
        _documentLength = documents.Take().Length;
        var rows = model.RowsADocument(_documentLength, documents.Leading);
        _documentsABlock = (int)Math.Max(1, options.BufferRows / BlocksHeld / rows);
        RowsARound = _documentsABlock * rows;
        documents.MoveTo(0);
    }

    /// <summary>The hooks, canonical names.</summary>
    public IReadOnlyList<string> Hooks { get; }

    /// <summary>The rows of a block and of a round.</summary>
    public int RowsARound { get; }

    /// <summary>The rows of a hook in memory now, a block under way aside.</summary>
    internal long RowsHeld => (_round.Length > 0 ? _round[0].shape[0] : 0) + _blocks.Sum(block => block.Where(slice => !slice[0].IsInvalid).Sum(slice => slice[0].shape[0]));

    /// <summary>Opens a stream; the model is first run when rows are asked for.</summary>
    /// <param name="model">The model; stays the caller's and must outlive the stream.</param>
    /// <param name="textFile">A UTF-8 text, or null for the model's own task.</param>
    /// <param name="hooks">The hooks, as their points are named.</param>
    /// <param name="options">How documents are cut and mixed.</param>
    /// <param name="excluded">Documents (token ids) that must not be served, held-out ones for example.</param>
    /// <exception cref="InterpException">Model and text do not fit, or nothing is left to serve.</exception>
    public static ActivationStream Open(LanguageModel model, string? textFile, IReadOnlyList<string> hooks, ActivationStreamOptions options, IEnumerable<int[]>? excluded = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(hooks);
        ArgumentNullException.ThrowIfNull(options);
        var points = model.HookPoints.Select(point => point.Name).ToHashSet();
        if (hooks.FirstOrDefault(hook => !points.Contains(hook)) is { } unknown)
        {
            throw new InterpException($"{model.Name} has no hook {unknown}: interp forward MODEL --hooks all writes them all");
        }

        ITokenSource Source(long seed) => TokenSources.For(
            model, textFile, new CaptureOptions { Tokens = long.MaxValue / 4, Context = options.Context, BeginToken = options.BeginToken, Seed = seed });
        var documents = new LiveDocuments(Source, options.Seed, excluded ?? [], CancellationToken.None);
        return new ActivationStream(new LiveModel(model, hooks, options.LastOnly), documents, options, hooks);
    }

    /// <summary>Rows by their place in the stream.</summary>
    /// <param name="first">The first place, from 0.</param>
    /// <param name="count">The rows.</param>
    /// <returns>One tensor a hook <c>[count, width]</c>, float32 on the CPU, owned by the caller.</returns>
    public Tensor[] Read(long first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var parts = Hooks.Select(_ => new List<Tensor>()).ToArray();
        for (var done = 0; done < count;)
        {
            var place = first + done;
            Load(place / RowsARound);
            var start = (int)(place % RowsARound);
            var length = Math.Min(count - done, RowsARound - start);
            for (var hook = 0; hook < parts.Length; hook++)
            {
                parts[hook].Add(_round[hook].narrow(0, start, length).clone());
            }

            done += length;
        }

        return [.. parts.Select(part => (part.Count == 1 ? part[0] : cat(part, 0)).DetachFromDisposeScope())];
    }

    /// <summary>Stops the model and frees the buffer.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        Forget();
        _worker?.Dispose();
        _documents.Dispose();
        _stop.Dispose();
    }

    /// <summary>Makes a round the one that is served.</summary>
    private void Load(long round)
    {
        if (round == _roundNumber)
        {
            return;
        }

        if (round != _roundNumber + 1 || _blocks.Count == 0)
        {
            Forget();
            for (long block = round; block < round + Slices - 1; block++)
            {
                Keep(Run(block).GetAwaiter().GetResult(), round + Slices - 1 - block);
            }
        }

        Keep(Ahead(round + Slices - 1), 0);
        _aheadBlock = round + Slices;
        _ahead = Run(round + Slices);
        Serve(round);
    }

    private void Keep(Tensor[][] block, long served)
    {
        for (var slice = 0; slice < served; slice++)
        {
            Array.ForEach(block[slice], part => part.Dispose());
        }

        _blocks.Enqueue(block);
    }

    /// <summary>Takes one slice of every block held and shuffles them together.</summary>
    private void Serve(long round)
    {
        using var scope = NewDisposeScope();
        Array.ForEach(_round, part => part.Dispose());
        _round = [];
        Tensor[][] slices = [.. _blocks.Select((block, i) => block[Slices - 1 - i])];
        var order = tensor(SplitMix64.ForStream(_seed, $"live round {round}").Permutation(RowsARound));
        _round = [.. Hooks.Select((_, hook) => cat([.. slices.Select(slice => slice[hook])], 0).index_select(0, order).DetachFromDisposeScope())];
        foreach (var part in slices.SelectMany(slice => slice))
        {
            part.Dispose();
        }

        _ = _blocks.Dequeue();
        _roundNumber = round;
        NativeHeap.Trim();
    }

    private Tensor[][] Ahead(long block)
    {
        var task = _ahead;
        _ahead = null;
        return (task is not null && _aheadBlock == block ? task : Run(block)).GetAwaiter().GetResult();
    }

    private Task<Tensor[][]> Run(long block) => (_worker ??= new WorkerThread("live model")).Run(() => Block(block));

    /// <summary>Runs the documents of a block and cuts its shuffled rows into slices: by slice, then by hook.</summary>
    private Tensor[][] Block(long block)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        _documents.MoveTo(block * _documentsABlock);
        int[][] documents = [.. Enumerable.Range(0, _documentsABlock).Select(_ => _documents.Take())];
        if (documents.FirstOrDefault(document => document.Length != _documentLength) is { } other)
        {
            throw new InterpException($"the text has documents of {_documentLength} and of {other.Length} tokens: lower --context");
        }

        var rows = _model.Rows(documents, _documents.Leading, _stop.Token);
        var order = SplitMix64.ForStream(_seed, $"live block {block}").Permutation(RowsARound);
        var slices = new Tensor[Slices][];
        for (var slice = 0; slice < Slices; slice++)
        {
            var (from, to) = ((long)slice * RowsARound / Slices, (slice + 1L) * RowsARound / Slices);
            using var places = tensor(order[(int)from..(int)to]);
            slices[slice] = [.. rows.Select(hook => hook.index_select(0, places).DetachFromDisposeScope())];
        }

        Array.ForEach(rows, hook => hook.Dispose());
        return slices;
    }

    private void Forget()
    {
        if (_ahead is not null)
        {
            try
            {
                Free(_ahead.GetAwaiter().GetResult());
            }
            catch (Exception e) when (e is OperationCanceledException or InterpException or IOException)
            {
                // Nobody will use that block; whoever asks for it again meets the error.
            }
        }

        _ahead = null;
        foreach (var block in _blocks)
        {
            Free(block);
        }

        _blocks.Clear();
        Array.ForEach(_round, part => part.Dispose());
        (_round, _roundNumber) = ([], -1);
    }

    private static void Free(Tensor[][] block)
    {
        foreach (var part in block.SelectMany(slice => slice))
        {
            part.Dispose();
        }
    }
}
