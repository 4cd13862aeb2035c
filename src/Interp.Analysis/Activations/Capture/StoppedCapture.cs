using Interp.Compute;
using static TorchSharp.torch;

namespace Interp.Analysis.Activations.Capture;

/// <summary>
/// The finished shards of a stopped capture: which batches need not be run again, and the rows of the last one, which is run again to go on
/// from it and to see that model, device and text still give the same bytes.
/// </summary>
internal sealed class StoppedCapture : IDisposable
{
    private const int PieceRows = 8192;

    private readonly string _folder;
    private readonly CaptureState _state;
    private readonly List<ActivationStore> _stores = [];
    private readonly int _lastDocument;

    private StoppedCapture(string folder, CaptureState state)
    {
        _folder = folder;
        _state = state;
        using var file = Models.Checkpoints.SafetensorsFile.Open(Path.Combine(folder, state.Shards[^1].File));
        using var documents = file.Read(ActivationWriter.Documents, ScalarType.Int32);
        _lastDocument = documents.data<int>().ToArray()[^1];
    }

    private long Rows => _state.Shards.Sum(shard => (long)shard.Rows);

    /// <summary>Opens the shards that a state lists.</summary>
    public static StoppedCapture Open(string folder, CaptureState state) => new(folder, state);

    /// <summary>Whether all rows of the batch that ends before a document are in the shards, and rows of a later one too.</summary>
    public bool Holds(int end) => end <= _lastDocument;

    /// <summary>Gives the statistics the finished rows.</summary>
    public void Replay(IReadOnlyList<ActivationHook> hooks, RowStatistics[] statistics)
    {
        var manifest = new ActivationManifest { Hooks = hooks, Rows = Rows, Shards = _state.Shards };
        for (var i = 0; i < hooks.Count; i++)
        {
            var store = ActivationStore.Open(_folder, manifest, hooks[i].Name);
            _stores.Add(store);
            for (long first = 0; first < store.Rows; first += PieceRows)
            {
                using var piece = store.Read(first, (int)Math.Min(PieceRows, store.Rows - first));
                statistics[i].Add(piece);
            }
        }
    }

    /// <summary>Compares the rows of a batch with those in the shards.</summary>
    /// <returns>How many of them the shards hold.</returns>
    /// <exception cref="InterpException">They differ.</exception>
    public int Take(Tensor[] rows, int[] documents, int[] positions)
    {
        var known = documents.Length == 0 || documents[0] > _lastDocument ? 0 : Known(documents[0]);
        if (known == 0)
        {
            return 0;
        }

        var start = Rows - known;
        var isSame = known <= documents.Length
            && _stores[0].Documents(start, known).AsSpan().SequenceEqual(documents.AsSpan(0, known))
            && _stores[0].Positions(start, known).AsSpan().SequenceEqual(positions.AsSpan(0, known));
        for (var i = 0; isSame && i < rows.Length; i++)
        {
            using var scope = NewDisposeScope();
            isSame = _stores[i].Read(start, known).eq(rows[i].narrow(0, 0, known)).all().item<bool>();
        }

        return isSame
            ? known
            : throw new InterpException($"{_folder}: the model no longer gives the rows that the stopped capture holds (other weights, device or number of threads); capture without --resume");
    }

    public void Dispose() => _stores.ForEach(store => store.Dispose());

    /// <summary>The rows at the end of the shards that belong to a document or later ones.</summary>
    private int Known(int document)
    {
        const int Step = 1024;
        long first = Rows;
        while (first > 0)
        {
            var count = (int)Math.Min(Step, first);
            var numbers = _stores[0].Documents(first - count, count);
            var place = Array.FindIndex(numbers, number => number >= document);
            if (place != 0)
            {
                return (int)(Rows - (place < 0 ? first : first - count + place));
            }

            first -= count;
        }

        return (int)Rows;
    }
}
