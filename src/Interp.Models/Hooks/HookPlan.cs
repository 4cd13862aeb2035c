using Interp.Models.Adapters;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Hooks;

/// <summary>
/// The hooks and captures of one run, compiled to slots, so that a point nobody asked for costs a null check.
/// </summary>
internal sealed class HookPlan
{
    private readonly HookTable _table;
    private readonly List<HookFunction>?[] _functions;
    private readonly bool[] _isCaptured;
    private readonly bool _recordsGradients;
    private readonly List<(AttachedAdapter Adapter, double Strength)> _adapters;
    private readonly HookPositions? _positions;
    private readonly Device? _device;
    private readonly Dictionary<string, object> _scratch = new(StringComparer.Ordinal);

    public HookPlan(HookTable table, RunOptions options, IReadOnlyList<HookHandler> standing, IReadOnlyList<AttachedAdapter>? adapters = null)
    {
        _adapters = [.. (adapters ?? []).Select(adapter => (adapter, options.AdapterStrengths?.GetValueOrDefault(adapter.Name, 1) ?? 1)).Where(pair => pair.Item2 != 0)];
        _table = table;
        _functions = new List<HookFunction>?[table.Points.Count];
        _isCaptured = new bool[table.Points.Count];
        _recordsGradients = options.RecordGradients;
        _positions = options.CapturePositions is { IsAll: false } some && !_recordsGradients ? some : null;
        _device = options.CaptureDevice;
        foreach (var handler in standing.Concat(options.Hooks))
        {
            foreach (var slot in HookNames.Resolve(table, handler.Name))
            {
                (_functions[slot] ??= []).Add(handler.Function);
            }
        }

        foreach (var slot in options.Capture?.Select(table) ?? [])
        {
            _isCaptured[slot] = true;
        }

        Cache = new ActivationCache(table);
    }

    public ActivationCache Cache { get; }

    /// <summary>The slots whose values are kept.</summary>
    public IEnumerable<int> Captured => Enumerable.Range(0, _isCaptured.Length).Where(slot => _isCaptured[slot]);

    /// <summary>The absolute position of the run's first token, for the hooks.</summary>
    public int Position { get; set; }

    /// <summary>The run's token ids, for the hooks.</summary>
    public Tensor? TokenIds { get; set; }

    /// <summary>Whether anything is asked at a point.</summary>
    public bool Wants(HookSite site, int layer = -1) => _table.Slot(site, layer) is >= 0 and var slot && (_isCaptured[slot] || _functions[slot] is not null);

    /// <summary>Whether a function is to be called at a point.</summary>
    public bool Calls(HookSite site, int layer = -1) => _table.Slot(site, layer) is >= 0 and var slot && _functions[slot] is not null;

    /// <summary>The deepest block with a point that is asked for, or −1.</summary>
    public int DeepestLayer => Enumerable.Range(0, _isCaptured.Length)
        .Where(slot => _isCaptured[slot] || _functions[slot] is not null)
        .Select(slot => _table.Points[slot].Layer ?? -1).DefaultIfEmpty(-1).Max();

    /// <summary>Whether anything is asked at any expert of a layer.</summary>
    public bool WantsExpert(HookSite site, int layer, int expert) =>
        _table.ExpertSlot(site, layer, expert) is >= 0 and var slot && (_isCaptured[slot] || _functions[slot] is not null);

    /// <summary>Calls the hooks of a point and captures what they leave.</summary>
    /// <returns>The value that goes on, in the present dispose scope.</returns>
    public Tensor Fire(HookSite site, Tensor value, int layer = -1) => Fire(_table.Slot(site, layer), value, null);

    /// <summary>Calls the hooks of an expert's point, given the tokens that its rows are of.</summary>
    /// <returns>The value that goes on, in the present dispose scope.</returns>
    public Tensor FireExpert(HookSite site, Tensor value, int layer, int expert, Tensor rows) => Fire(_table.ExpertSlot(site, layer, expert), value, rows);

    private Tensor Fire(int slot, Tensor value, Tensor? rows)
    {
        if (slot < 0)
        {
            return value;
        }

        if (_functions[slot] is { } functions)
        {
            value = Call(new HookContext(_table.Points[slot], TokenIds!, _scratch) { Rows = rows, Position = Position }, functions, value);
        }

        return _isCaptured[slot] ? Capture(slot, value, rows) : value;
    }

    private static Tensor Call(HookContext context, List<HookFunction> functions, Tensor value)
    {
        foreach (var function in functions)
        {
            var given = value;
            var returned = function(given, context);
            if (returned is null || ReferenceEquals(returned, given))
            {
                continue;
            }

            if (!returned.shape.SequenceEqual(given.shape) || returned.dtype != given.dtype || returned.device.ToString() != given.device.ToString())
            {
                throw new HookShapeException(
                    $"the hook at {context.Name} returned {Describe(returned)} where {Describe(given)} {context.Point.Axes} is expected: return a tensor of that shape, dtype and device, or null");
            }

            // A handle of the run's own: the caller may keep the tensor it returned.
            value = returned.alias();
        }

        return value;
    }

    private Tensor Capture(int slot, Tensor value, Tensor? rows)
    {
        if (rows is not null)
        {
            Cache.AddRows(slot, rows.clone().DetachFromDisposeScope());
        }

        // Without gradients the cache gets a handle of its own; with them it must be the very tensor that the rest of the run
        // uses, or no gradient would arrive at it.
        if (_recordsGradients)
        {
            // What no recorded operation made (a table's rows) becomes a leaf of the graph, so that it has a gradient too.
            var isLeaf = !value.requires_grad && value.dtype is ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16 or ScalarType.Float16;
            var kept = (isLeaf ? value.detach().requires_grad_(true) : value.alias()).DetachFromDisposeScope();
            Cache.Add(slot, kept);
            return kept;
        }

        using var scope = NewDisposeScope();
        Cache.Add(slot, Slice(_table.Points[slot], value).DetachFromDisposeScope());
        return value;
    }

    // Sliced before it is moved; a slice is copied, so that it does not keep the whole alive.
    private Tensor Slice(HookPoint point, Tensor value)
    {
        var axis = Array.FindIndex(point.Axes.Trim('[', ']').Split(','), letter => letter is "p" or "q");
        var chosen = _positions is { } positions && axis >= 0
            ? value.index_select(axis, tensor(positions.Of(value.shape[axis]).ToArray(), device: value.device))
            : value;
        return _device is { } device && device.ToString() != value.device.ToString() ? chosen.to(device) : ReferenceEquals(chosen, value) ? value.alias() : chosen;
    }

    /// <summary>Whether live adapters add to a product.</summary>
    public bool IsAdapted(LivePlace place, int layer) => _adapters.Exists(pair => pair.Adapter.Adapter.Factors.Any(factor => factor.Place == place && factor.Layer == layer));

    /// <summary>A product with what live adapters add to it: output + strength·input·Down·Up, each part through its hook.</summary>
    /// <returns>In the present dispose scope.</returns>
    public Tensor Adapt(LivePlace place, int layer, Tensor input, Tensor output)
    {
        foreach (var (adapter, strength) in _adapters)
        {
            foreach (var factor in adapter.Adapter.Factors.Where(factor => factor.Place == place && factor.Layer == layer))
            {
                var part = input.matmul(factor.Down).matmul(factor.Up);
                part = Fire(_table.Slot(factor.HookName(adapter.Name)), strength == 1 ? part : part * strength, null);
                var after = factor.Columns - factor.Start - part.shape[^1];
                output = output + (part.shape[^1] == factor.Columns ? part : nn.functional.pad(part, [factor.Start, after]));
            }
        }

        return output;
    }

    private static string Describe(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}] {tensor.dtype} on {tensor.device}";
}
