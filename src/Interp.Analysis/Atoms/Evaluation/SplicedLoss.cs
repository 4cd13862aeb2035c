using Interp.Analysis.Activations;
using Interp.Compute;
using Interp.Models;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>
/// Runs the model on the captured documents with the activation replaced at the captured positions: by the dictionary's reconstruction, by
/// zeros, by the mean. Other positions (a begin token) keep their activation and are not scored.
/// </summary>
internal sealed class SplicedLoss
{
    /// <summary>The logits held at once.</summary>
    private const long MostLogits = 1L << 25;

    private const int MostDocuments = 1024;

    private readonly LanguageModel _model;
    private readonly SparseAutoencoder _dictionary;
    private readonly Device _device; // the dictionary's, where losses are counted too
    private readonly ActivationStore _store;
    private readonly bool _lastOnly;
    private readonly int _firstPosition;

    public SplicedLoss(LanguageModel model, SparseAutoencoder dictionary, ActivationStore store)
    {
        _model = model;
        _dictionary = dictionary;
        _device = dictionary.EncoderWeights.device;
        _store = store;
        if (store.Prompts.Count == 0)
        {
            throw new InterpException($"{store.Folder}: holds no documents to run {model.Name} on: capture the activations again, or leave the model out");
        }

        _lastOnly = store.Manifest.Origin.Positions == "last";
        _firstPosition = _lastOnly ? 0 : store.Positions(0, 1)[0];
    }

    /// <summary>Why no loss can be measured on some activations, or null.</summary>
    public static string? WhyNot(ActivationStore store) =>
        store.Manifest.Origin is { Positions: "last", Modulus: null }
            ? "only the last position of each text was captured, which predicts nothing there is a token for: no loss is measured"
            : null;

    /// <summary>Runs the model four times on held-out documents (all of them where none are held out).</summary>
    public SplicedLosses Measure(HeldOutSplit split, int mostTokens, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        using var mean = Mean(split, cancellation);
        var heldOut = split.HeldOut.Length > 0;
        var documents = Documents(heldOut ? split.HeldOut : split.Train, mostTokens);
        CheckModel(heldOut ? split.HeldOut[0] : split.Train[0], cancellation);
        var sums = new double[6];
        var (scored, done) = (0L, 0);
        foreach (var batch in Batches(documents))
        {
            cancellation.ThrowIfCancellationRequested();
            scored += Add(batch, mean, sums, cancellation);
            progress?.Report(new StepProgress("loss with the dictionary in place", done += batch.Count, documents.Count, "documents"));
        }

        if (scored == 0)
        {
            throw new InterpException($"{_store.Folder}: its documents have no token to predict: capture with a longer context");
        }

        double clean = sums[0] / scored, spliced = sums[1] / scored, ablated = sums[2] / scored, meanAblated = sums[3] / scored;
        return new SplicedLosses
        {
            Clean = clean,
            Spliced = spliced,
            Ablated = ablated,
            Recovered = (ablated - spliced) / (ablated - clean),
            MeanAblated = meanAblated,
            RecoveredFromMean = (meanAblated - spliced) / (meanAblated - clean),
            KullbackLeibler = sums[4] / scored,
            KullbackLeiblerRecovered = 1 - (sums[4] / sums[5]),
            Tokens = scored,
            Documents = heldOut ? "held-out" : "all",
        };
    }

    /// <summary>Losses of clean, spliced, ablated and mean-ablated runs, then the divergences of the spliced and the ablated one; sums.</summary>
    /// <returns>The predictions scored.</returns>
    private long Add(List<int[]> batch, Tensor mean, double[] sums, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var ids = tensor(batch.SelectMany(document => document).Select(id => (long)id).ToArray(), batch.Count, batch[0].Length);
        var targets = Targets(ids).to(_device);
        var clean = LogProbabilities(ids, null, cancellation);
        Tensor[] changed =
        [
            LogProbabilities(ids, value => _dictionary.Decode(_dictionary.Encode(value), value), cancellation),
            LogProbabilities(ids, value => zeros_like(value), cancellation),
            LogProbabilities(ids, value => mean.expand_as(value), cancellation),
        ];
        sums[0] += Loss(clean, targets);
        for (var i = 0; i < changed.Length; i++)
        {
            sums[i + 1] += Loss(changed[i], targets);
        }

        sums[4] += (clean.exp() * (clean - changed[0])).sum(ScalarType.Float64).item<double>();
        sums[5] += (clean.exp() * (clean - changed[1])).sum(ScalarType.Float64).item<double>();
        return targets.shape[0];
    }

    /// <summary>What should be predicted, flat: the sum of a task's numbers, or the next token at every scored position.</summary>
    private Tensor Targets(Tensor ids) => _store.Manifest.Origin.Modulus is { } modulus
        ? (ids.select(1, 0) + ids.select(1, 1)).remainder(modulus)
        : ids.narrow(1, _firstPosition + 1, ids.shape[1] - 1 - _firstPosition).reshape(-1);

    

    /// <summary>Log-probabilities at the scored positions <c>[predictions, vocabulary]</c>.</summary>
    private Tensor LogProbabilities(Tensor ids, Func<Tensor, Tensor>? replace, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var isTask = _store.Manifest.Origin.Modulus is not null;
        var options = new RunOptions
        {
            ReturnLogits = isTask ? LogitPositions.Last : LogitPositions.All,
            Hooks = replace is null ? [] : [new HookHandler(_store.Hook, (value, _) => Replace(value, replace))],
        };
        using var result = _model.Run(ids, options, cancellation);
        var logits = isTask ? result.Logits! : result.Logits!.narrow(1, _firstPosition, ids.shape[1] - 1 - _firstPosition);
        return logits.to(ScalarType.Float32).to(_device).reshape(-1, logits.shape[^1]).log_softmax(-1).MoveToOuterDisposeScope();
    }

    /// <summary>Puts something else in place of the captured positions of a value [b, p, …].</summary>
    private Tensor Replace(Tensor value, Func<Tensor, Tensor> replace)
    {
        using var scope = NewDisposeScope();
        var length = value.shape[1];
        var first = _lastOnly ? length - 1 : _firstPosition;
        var part = value.narrow(1, first, length - first);
        var rows = part.to(ScalarType.Float32).to(_device).reshape(-1, _store.Width);
        var changed = replace(rows).reshape(part.shape).to(value.dtype).to(value.device);
        return (first == 0 ? changed : cat([value.narrow(1, 0, first), changed], 1)).MoveToOuterDisposeScope();
    }

    /// <summary>A model of the same shape but with other weights would give numbers that look right.</summary>
    private void CheckModel(long row, CancellationToken cancellation)
    {
        const double Tolerance = 0.02;
        using var scope = NewDisposeScope();
        var prompt = _store.Prompts[_store.Documents(row, 1)[0]];
        var ids = tensor(prompt.Select(id => (long)id).ToArray()).unsqueeze(0);
        using var result = _model.Run(ids, new RunOptions { Capture = HookFilter.Names(_store.Hook), ReturnLogits = LogitPositions.None }, cancellation);
        var value = result.Cache[_store.Hook].select(1, _store.Positions(row, 1)[0]).to(ScalarType.Float32).cpu().reshape(-1);
        var stored = _store.Read(row, 1).reshape(-1);
        if (value.shape[0] != _store.Width || !((value - stored).norm().item<float>() <= Tolerance * stored.norm().item<float>()))
        {
            throw new InterpException($"{_store.Folder}: {_model.Name} gives other activations at {_store.Hook} than those stored (of {_store.Manifest.Origin.Model}): give the model that was captured");
        }
    }

    private static double Loss(Tensor logProbabilities, Tensor targets)
    {
        using var scope = NewDisposeScope();
        return -logProbabilities.gather(1, targets.unsqueeze(1)).sum(ScalarType.Float64).item<double>();
    }

    private Tensor Mean(HeldOutSplit split, CancellationToken cancellation)
    {
        const int Piece = 8192;
        using var scope = NewDisposeScope();
        var sum = zeros(_store.Width, ScalarType.Float64);
        for (var first = 0; first < split.Train.Length; first += Piece)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var rows = _store.Gather(split.Train.AsSpan(first, Math.Min(Piece, split.Train.Length - first)));
            _ = sum.add_(rows.sum([0L], type: ScalarType.Float64));
        }

        return (sum / split.Train.Length).to(ScalarType.Float32).to(_device).MoveToOuterDisposeScope();
    }

    private List<int[]> Documents(long[] rows, int mostTokens)
    {
        var documents = new List<int[]>();
        var (tokens, last) = (0, -1);
        foreach (var row in rows)
        {
            var document = _store.Documents(row, 1)[0];
            if (document == last)
            {
                continue;
            }

            last = document;
            var prompt = _store.Prompts[document];
            documents.Add(prompt);
            tokens += prompt.Length;
            if (tokens >= mostTokens)
            {
                break;
            }
        }

        return documents;
    }

    private IEnumerable<List<int[]>> Batches(List<int[]> documents)
    {
        var batch = new List<int[]>();
        foreach (var document in documents.Where(document => document.Length > _firstPosition + 1))
        {
            var size = Math.Clamp(MostLogits / ((long)document.Length * _model.Config.OutputVocabularySize), 1, MostDocuments);
            if (batch.Count > 0 && (batch.Count >= size || batch[0].Length != document.Length))
            {
                yield return batch;
                batch = [];
            }

            batch.Add(document);
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}
