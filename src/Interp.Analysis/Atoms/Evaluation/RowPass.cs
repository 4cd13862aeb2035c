using Interp.Analysis.Activations;
using Interp.Analysis.Atoms.Geometry;
using Interp.Compute;
using Interp.Compute.Devices;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>One pass over rows: what the dictionary does on them, what it does with shuffled codes, and their second moment.</summary>
internal sealed class RowPass
{
    private const int MostRows = 4096;
    private const long MostCodes = 1L << 24;

    private readonly SparseAutoencoder _dictionary;
    private readonly SecondMoment _moment;
    private readonly long _seed;

    public RowPass(SparseAutoencoder dictionary, SecondMoment moment, long seed)
    {
        _dictionary = dictionary;
        _moment = moment;
        _seed = seed;
        Metrics = new DictionaryMetrics(dictionary.Width);
        Shuffled = new DictionaryMetrics(dictionary.Width);
    }

    /// <summary>The dictionary on the rows.</summary>
    public DictionaryMetrics Metrics { get; }

    /// <summary>The same with every latent's codes moved to other rows.</summary>
    public DictionaryMetrics Shuffled { get; }

    /// <summary>Reads rows.</summary>
    public void Run(ActivationStore store, long[] rows, string stage, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var size = (int)Math.Clamp(MostCodes / _dictionary.Width, 64, MostRows);
        for (var first = 0; first < rows.Length; first += size)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var stored = store.Gather(rows.AsSpan(first, Math.Min(size, rows.Length - first)));
            var x = DeviceCopy.Of(stored, _dictionary.EncoderWeights.device);
            var code = _dictionary.Encode(x);
            Metrics.Add(x, code, _dictionary.Decode(code, x));
            var moved = Shuffle(code, first);
            Shuffled.Add(x, moved, _dictionary.Decode(moved, x));
            _moment.Add(stored);
            progress?.Report(new StepProgress(stage, Math.Min(rows.Length, first + size), rows.Length, "rows"));
        }
    }

    /// <summary>Turns each latent's column by an offset of its own: densities and sizes stay, what fires together goes.</summary>
    private Tensor Shuffle(Tensor code, long piece)
    {
        var rows = (int)code.shape[0];
        var random = SplitMix64.ForStream(_seed, $"shuffled codes {piece}");
        var offsets = new long[code.shape[1]];
        foreach (ref var offset in offsets.AsSpan())
        {
            offset = random.NextInt(rows);
        }

        var places = (arange(rows, dtype: ScalarType.Int64, device: code.device).unsqueeze(1) + tensor(offsets, device: code.device)).remainder(rows);
        return code.gather(0, places);
    }
}
