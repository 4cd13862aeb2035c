using Interp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Interp.Models.Hooks;

/// <summary>The activations that a run captured, by canonical hook name. It owns its tensors.</summary>
public sealed class ActivationCache : IDisposable
{
    private readonly HookTable _table;
    private readonly SortedDictionary<int, Tensor> _values = [];
    private readonly Dictionary<int, Tensor> _rows = [];
    private readonly Dictionary<int, Tensor> _gradients = [];

    internal ActivationCache(HookTable table) => _table = table;

    /// <summary>The names, in firing order.</summary>
    public IReadOnlyList<string> Names => [.. _values.Keys.Select(slot => _table.Points[slot].Name)];

    /// <summary>The bytes of all values.</summary>
    public long Bytes => _values.Values.Sum(value => value.NumberOfElements * value.ElementSize);

    /// <summary>A captured value, by name or shorthand; owned by the cache.</summary>
    /// <exception cref="HookNotFoundException">The model has no such point, or it was not captured.</exception>
    public Tensor this[string name]
    {
        get
        {
            var slots = HookNames.Resolve(_table, name);
            return slots.Count == 1 && _values.TryGetValue(slots[0], out var value)
                ? value
                : throw new HookNotFoundException(
                    $"{name} was not captured: {(Names.Count == 0 ? "nothing was" : $"captured are {NearNames.List(name, Names)}{(Names.Count > 3 ? " and others" : "")}")}");
        }
    }

    /// <summary>A captured value of one layer by its short name, as ("pattern", −1); owned by the cache.</summary>
    /// <exception cref="HookNotFoundException">The model has no such point, or it was not captured.</exception>
    public Tensor this[string shorthand, int layer] => this[HookNames.InLayer(_table, shorthand, layer)];

    /// <summary>Whether a point was captured.</summary>
    public bool Contains(string name) => _table.Slot(name) is >= 0 and var slot && _values.ContainsKey(slot);

    /// <summary>Writes all values to one safetensors file under their names.</summary>
    public void Save(string path) =>
        SafetensorsWriter.Write(path, _values.ToDictionary(pair => _table.Points[pair.Key].Name, pair => pair.Value));

    /// <summary>Frees the values.</summary>
    public void Dispose()
    {
        foreach (var value in _values.Values)
        {
            value.Dispose();
        }

        foreach (var other in _rows.Values.Concat(_gradients.Values))
        {
            other.Dispose();
        }

        _values.Clear();
        _rows.Clear();
        _gradients.Clear();
    }

    /// <summary>For an expert's point, which token each row is of: batch · positions + position, int64 [n]; owned by the cache.</summary>
    /// <exception cref="HookNotFoundException">The point is no expert's, or was not captured.</exception>
    public Tensor Rows(string name) => _table.Slot(name) is >= 0 and var slot && _rows.TryGetValue(slot, out var rows)
        ? rows
        : throw new HookNotFoundException($"{name} has no routed rows: only captured points of experts have");

    /// <summary>The gradient of the metric that <see cref="RunResult.Backward"/> was given, with respect to a captured value; zeros where the value did not matter. Owned by the cache.</summary>
    /// <exception cref="HookNotFoundException">The point was not captured, has no gradient (token ids, experts' numbers), or there was no backward pass.</exception>
    public Tensor Grad(string name) => HookNames.Resolve(_table, name) is [var slot] && _gradients.TryGetValue(slot, out var gradient)
        ? gradient
        : throw new HookNotFoundException($"there is no gradient at {name}: capture it in a run with RecordGradients and call Backward");

    /// <summary>Takes the gradients of a number with respect to all values that have one.</summary>
    internal void TakeGradients(Tensor number)
    {
        var slots = _values.Where(pair => pair.Value.requires_grad).Select(pair => pair.Key).ToList();
        var gradients = autograd.grad([number], [.. slots.Select(slot => _values[slot])], allow_unused: true);
        for (var i = 0; i < slots.Count; i++)
        {
            var gradient = gradients[i] is { IsInvalid: false } taken ? taken : zeros_like(_values[slots[i]]);
            _gradients[slots[i]] = gradient.detach().DetachFromDisposeScope();
        }
    }

    internal void Add(int slot, Tensor value) => _values[slot] = value;

    internal void AddRows(int slot, Tensor rows) => _rows[slot] = rows;
}
