using Interp.Models.Adapters;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>Weights of a checkpoint's names and shapes that are zero but for an adapter's scaled B, put into inputs of each module's own.</summary>
internal sealed class ProbeWeights : IWeightSource
{
    private readonly IWeightSource _headers;
    private readonly LoraAdapter _adapter;
    private readonly Dictionary<string, (LoraModule Module, int Place)> _modules = new(StringComparer.Ordinal);

    /// <exception cref="Checkpoints.CheckpointException">The adapter changes modules that the model lacks.</exception>
    public ProbeWeights(IWeightSource headers, LoraAdapter adapter, IReadOnlyDictionary<string, int> places)
    {
        _headers = headers;
        _adapter = adapter;
        foreach (var module in adapter.Modules.Values)
        {
            _modules.Add(AdaptedWeights.Find(headers, adapter, $"{module.Path}.weight"), (module, places[module.Path]));
        }
    }

    public IReadOnlyCollection<string> Names => _headers.Names;

    public IReadOnlyList<long> Shape(string name) => _headers.Shape(name);

    public Tensor Read(string name, ScalarType dtype, Device device)
    {
        long[] shape = [.. Shape(name)];
        if (!_modules.TryGetValue(name, out var adapted))
        {
            using var zero = zeros(1, dtype: dtype, device: device);
            return zero.expand(shape);
        }

        using var scope = NewDisposeScope();
        var up = _adapter.Up(adapted.Module, dtype, device); // [out, r]
        var probe = zeros(shape, dtype: dtype, device: device);
        var inputs = _adapter.Config.IsFanInFanOut ? 0 : 1;
        var target = probe.narrow(inputs, adapted.Place, up.shape[1]);
        var value = inputs == 0 ? up.t() : up;
        if (!target.shape.SequenceEqual(value.shape))
        {
            throw new Checkpoints.CheckpointException(
                $"{_adapter.Folder}: the adapter's change of {adapted.Module.Path} has {up.shape[0]} outputs but the model's weight is [{string.Join(", ", shape)}]: it was trained on another model");
        }

        target.copy_(value);
        return probe.MoveToOuterDisposeScope();
    }

    public void Read(string name, Tensor target)
    {
        using var scope = NewDisposeScope();
        target.copy_(Read(name, target.dtype, target.device).reshape(target.shape));
    }

    // Probes say where an adapter acts, not what the weights are.
    public bool Matches(string name, Tensor other) => true;
}
