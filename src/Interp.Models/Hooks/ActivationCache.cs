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

    /// <summary>Reads values that <see cref="Save"/> wrote, for a model of the same points.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <returns>The values on the CPU, owned by the caller.</returns>
    /// <exception cref="Compute.InterpException">The file is damaged, or holds what is no point of the model.</exception>
    public static ActivationCache Load(string path, LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var file = SafetensorsFile.Open(path);
        var cache = new ActivationCache(model.HookTable);
        try
        {
            foreach (var name in file.Entries.Keys)
            {
                cache.Add(
                    model.HookTable.Slot(name) is >= 0 and var slot ? slot : throw new HookNotFoundException($"{path}: holds {name}, which is no hook point of {model.Name}"),
                    file.Read(name).DetachFromDisposeScope());
            }

            return cache;
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    /// <summary>Copies of some rows of the batch, of every value that has one; owned by the caller.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rows are outside the batch.</exception>
    public ActivationCache Slice(int first, int count) => Copy((point, value) =>
        point.Axes.StartsWith("[b", StringComparison.Ordinal) ? value.narrow(0, first, count).clone() : value.clone());

    /// <summary>Copies on a device; owned by the caller.</summary>
    public ActivationCache To(Device device) => Copy((_, value) => value.to(device, copy: true));

    private ActivationCache Copy(Func<HookPoint, Tensor, Tensor> copy)
    {
        using var gradients = no_grad();
        var copied = new ActivationCache(_table);
        foreach (var (slot, value) in _values)
        {
            copied.Add(slot, copy(_table.Points[slot], value.detach()).DetachFromDisposeScope());
        }

        return copied;
    }

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
