using Interp.Models.Adapters;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Families;

/// <summary>
/// A checkpoint's tensors with an adapter merged into them as they are read, under the checkpoint's own names and layouts, so that
/// fused matrices need no special case.
/// </summary>
internal sealed class AdaptedWeights : IWeightSource
{
    private readonly IWeightSource _base;
    private readonly LoraAdapter _adapter;
    private readonly Dictionary<string, LoraModule> _merged = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _replaced = new(StringComparer.Ordinal);

    /// <exception cref="CheckpointException">The adapter changes modules that the model lacks.</exception>
    public AdaptedWeights(IWeightSource source, LoraAdapter adapter)
    {
        _base = source;
        _adapter = adapter;
        foreach (var module in adapter.Modules.Values)
        {
            // Toy transformers' matrices are tensors of their own, not modules with a weight.
            _merged.Add(source.Names.Contains(module.Path) ? module.Path : Find($"{module.Path}.weight"), module);
        }

        foreach (var name in adapter.Replacements)
        {
            _replaced.Add(Find(name), name);
        }
    }

    public IReadOnlyCollection<string> Names => _base.Names;

    public IReadOnlyList<long> Shape(string name) => _base.Shape(name);

    public void Read(string name, Tensor target)
    {
        if (!_replaced.ContainsKey(name) && !_merged.ContainsKey(name))
        {
            _base.Read(name, target);
            return;
        }

        using var read = Read(name, target.dtype, target.device);
        using var shaped = read.view(target.shape);
        target.copy_(shaped);
    }

    public bool Matches(string name, Tensor other)
    {
        if (!_replaced.ContainsKey(name) && !_merged.ContainsKey(name))
        {
            return _base.Matches(name, other);
        }

        using var scope = NewDisposeScope();
        return !Read(name, other.dtype, other.device).ne(other).any().item<bool>();
    }

    public Tensor Read(string name, ScalarType dtype, Device device)
    {
        if (_replaced.TryGetValue(name, out var replacement))
        {
            var tensor = _adapter.Replacement(replacement, dtype, device);
            return tensor.shape.SequenceEqual(_base.Shape(name)) ? tensor
                : throw new CheckpointException($"{_adapter.Folder}: the adapter's {replacement} is [{string.Join(", ", tensor.shape)}] but the model's is [{string.Join(", ", _base.Shape(name))}]");
        }

        if (!_merged.TryGetValue(name, out var module))
        {
            return _base.Read(name, dtype, device);
        }

        // Merged in float32 at least and rounded once.
        using var scope = NewDisposeScope();
        var weight = empty([.. _base.Shape(name)], dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32, device);
        _base.Read(name, weight);
        return _adapter.Merge(module, weight).to(dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The checkpoint's name of what an adapter changes: checkpoints are saved with or without the model's own prefix.</summary>
    /// <exception cref="CheckpointException">The model has no such tensor.</exception>
    public static string Find(IWeightSource source, LoraAdapter adapter, string name)
    {
        if (source.Names.Contains(name))
        {
            return name;
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return source.Names.Contains(name[(dot + 1)..]) ? name[(dot + 1)..]
            : source.Names.FirstOrDefault(other => other.EndsWith($".{name}", StringComparison.Ordinal))
            ?? throw new CheckpointException($"{adapter.Folder}: the adapter changes {name}, which the model does not have: it was trained on another model (near names: {NearNames.List(name, source.Names)})");
    }

    private string Find(string name) => Find(_base, _adapter, name);
}
