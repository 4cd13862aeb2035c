using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models.Adapters;
using Interp.Models.Checkpoints;
using Interp.Models.Families;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Training.FineTuning;

/// <summary>What is trained of a model: all of its weights, or adapters of some of its matrices.</summary>
internal sealed class TunedWeights : IDisposable
{
    /// <summary>The file of a matrix-product-state adapter's cores.</summary>
    private const string CoresFile = "mps_cores.safetensors";

    private readonly TrainableModel _model;
    private readonly AdapterSettings _settings;
    private readonly Dictionary<string, (StoredMatrix Matrix, ITrainableChange Change)> _changes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _saved = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);

    private TunedWeights(TrainableModel model, AdapterSettings settings) => (_model, _settings) = (model, settings);

    /// <summary>The trained tensors by name; owned by this or by the model.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters => _parameters;

    /// <summary>The module paths that adapters change and those trained whole beside them, or the tensors trained.</summary>
    public IReadOnlyList<string> Modules => [.. IsAdapter ? _changes.Values.Select(change => change.Matrix.Path).Concat(_saved.Keys.Select(SavedModules.Path).Distinct()) : _parameters.Keys];

    /// <summary>Whether there are adapters; else all weights are trained.</summary>
    public bool IsAdapter => _changes.Count > 0;

    /// <summary>Chooses what is trained and draws its start.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="options">How.</param>
    /// <exception cref="InterpException">A target names nothing, or a rank does not fit.</exception>
    public static TunedWeights Create(TrainableModel model, string name, FineTuneOptions options)
    {
        var settings = new AdapterSettings(name, options.Rank, options.Alpha, options.RankStabilised, model.Config.Family == "gpt2");
        var tuned = new TunedWeights(model, settings);
        if (options.Method == FineTuneMethod.Full)
        {
            if (options.ModulesToSave.Count > 0)
            {
                throw new InterpException("full tuning trains every module: leave out the modules to save");
            }

            tuned.TakeAll();
            return tuned;
        }

        try
        {
            tuned.Adapt(options);
            return tuned;
        }
        catch
        {
            tuned.Dispose();
            throw;
        }
    }

    /// <summary>What stands in a weight's place while logits are computed; in the present dispose scope.</summary>
    public Tensor Change(string name, Tensor weight)
    {
        if (!_changes.TryGetValue(name, out var changed))
        {
            return _saved.GetValueOrDefault(name, weight);
        }

        using var scope = NewDisposeScope();
        var (b, a) = changed.Change.Factors();
        return (weight + changed.Matrix.ToStored(b.matmul(a) * _settings.Scale)).MoveToOuterDisposeScope();
    }

    /// <summary>Writes the adapter, or the tuned weights, into a folder that exists.</summary>
    public void Write(string folder)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        if (!IsAdapter)
        {
            SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), _model.Tensors.Where(entry => !IsStaleHead(entry.Key)).ToDictionary());
            return;
        }

        AdapterWriter.Write(folder, _settings, _changes.Values.ToDictionary(change => change.Matrix.Path, change => change.Change.Factors()), _saved);
        var cores = _changes.Values.Where(change => change.Change is MpsChange).SelectMany(change => change.Change.Parameters
            .Select(parameter => KeyValuePair.Create($"{change.Matrix.Path}.{parameter.Key}", parameter.Value))).ToDictionary();
        if (cores.Count > 0)
        {
            SafetensorsWriter.Write(Path.Combine(folder, CoresFile), cores);
        }
    }

    /// <summary>Frees the adapters; the model stays.</summary>
    public void Dispose()
    {
        foreach (var parameter in _changes.Values.SelectMany(change => change.Change.Parameters.Values).Concat(_saved.Values))
        {
            parameter.Dispose();
        }
    }

    private void Adapt(FineTuneOptions options)
    {
        var all = StoredMatrix.All(_model.Config.Family, _model.Tensors.Select(entry => KeyValuePair.Create(entry.Key, (IReadOnlyList<long>)entry.Value.shape)));
        var random = SplitMix64.ForStream(options.Seed, "adapters");
        foreach (var matrix in StoredMatrix.Choose(all, options.Targets).OrderBy(matrix => matrix.Name, StringComparer.Ordinal))
        {
            if (options.Rank > Math.Min(matrix.Outputs, matrix.Inputs))
            {
                throw new InterpException($"a rank of {options.Rank} is more than {matrix.Path} [{matrix.Outputs}, {matrix.Inputs}] can have: choose at most {Math.Min(matrix.Outputs, matrix.Inputs)}");
            }

            ITrainableChange change = options.Method == FineTuneMethod.Mps
                ? new MpsChange(matrix.Outputs, matrix.Inputs, options.Rank, options.Bond, options.FirstSite, options.MpsLayout, random, _model.Device)
                : new LowRankChange(matrix.Outputs, matrix.Inputs, options.Rank, random, _model.Device);
            _changes.Add(matrix.Name, (matrix, change));
            foreach (var (part, tensor) in change.Parameters)
            {
                _parameters.Add($"{matrix.Path}.{part}", tensor);
            }
        }

        SaveModules(options.ModulesToSave);
    }

    private void SaveModules(IReadOnlyList<string> targets)
    {
        if (targets.Count == 0)
        {
            return;
        }

        var read = WeightsRead();
        var shapes = _model.Tensors.Where(entry => read.Contains(entry.Key)).ToDictionary(entry => entry.Key, entry => entry.Value.shape);
        using var noGradient = no_grad();
        foreach (var name in SavedModules.Choose(shapes, targets, _changes.Keys))
        {
            var copy = _model.Tensors[name].detach().clone().DetachFromDisposeScope();
            _saved.Add(name, copy);
            _parameters.Add(name, copy);
        }
    }

    private void TakeAll()
    {
        var read = WeightsRead();
        foreach (var (name, weight) in _model.Tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (read.Contains(name))
            {
                _parameters.Add(name, weight);
            }
            else
            {
                _unread.Add(name);
            }
        }
    }

    /// <summary>Every weight that the logits depend on: masks and tables that some checkpoints store are left alone.</summary>
    private HashSet<string> WeightsRead()
    {
        using var scope = NewDisposeScope();
        using var recording = enable_grad();
        var copies = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        Tensor Recorded(string name, Tensor weight) =>
            copies.TryGetValue(name, out var copy) ? copy : copies[name] = weight.detach().clone().requires_grad_(true).MoveToOtherDisposeScope(scope);
        _model.Logits(zeros([1, 2], ScalarType.Int64, _model.Device), Recorded).sum().backward();
        return [.. copies.Where(copy => copy.Value.grad is not null).Select(copy => copy.Key)];
    }

    /// <summary>A stored unembedding that the model does not read, as it is tied to the embedding: it would be out of date.</summary>
    private bool IsStaleHead(string name) => _model.Config.IsHeadTied && _unread.Contains(name)
        && _model.Tensors[name].shape.SequenceEqual(new long[] { _model.Config.VocabularySize, _model.Config.Width });
}
