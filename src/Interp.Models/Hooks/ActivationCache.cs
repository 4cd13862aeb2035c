using Interp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Interp.Models.Hooks;

/// <summary>The activations that a run captured, by canonical hook name. It owns its tensors.</summary>
public sealed class ActivationCache : IDisposable
{
    private readonly HookTable _table;
    private readonly SortedDictionary<int, Tensor> _values = [];

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

        _values.Clear();
    }

    internal void Add(int slot, Tensor value) => _values[slot] = value;
}
