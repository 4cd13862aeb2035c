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
    private readonly Dictionary<string, object> _scratch = new(StringComparer.Ordinal);

    public HookPlan(HookTable table, RunOptions options, IReadOnlyList<HookHandler> standing)
    {
        _table = table;
        _functions = new List<HookFunction>?[table.Points.Count];
        _isCaptured = new bool[table.Points.Count];
        _recordsGradients = options.RecordGradients;
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

    /// <summary>Calls the hooks of a point and captures what they leave.</summary>
    /// <returns>The value that goes on, in the present dispose scope.</returns>
    public Tensor Fire(HookSite site, Tensor value, int layer = -1)
    {
        var slot = _table.Slot(site, layer);
        if (slot < 0)
        {
            return value;
        }

        if (_functions[slot] is { } functions)
        {
            value = Call(_table.Points[slot], functions, value);
        }

        return _isCaptured[slot] ? Capture(slot, value) : value;
    }

    private Tensor Call(HookPoint point, List<HookFunction> functions, Tensor value)
    {
        var context = new HookContext(point, TokenIds!, _scratch);
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
                    $"the hook at {point.Name} returned {Describe(returned)} where {Describe(given)} {point.Axes} is expected: return a tensor of that shape, dtype and device, or null");
            }

            // A handle of the run's own: the caller may keep the tensor it returned.
            value = returned.alias();
        }

        return value;
    }

    private Tensor Capture(int slot, Tensor value)
    {
        // Without gradients the cache gets a handle of its own; with them it must be the very tensor that the rest of the run
        // uses, or no gradient would arrive at it.
        var kept = value.alias().DetachFromDisposeScope();
        Cache.Add(slot, kept);
        return _recordsGradients ? kept : value;
    }

    private static string Describe(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}] {tensor.dtype} on {tensor.device}";
}
