using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>A model's rotations, one table for each that its layers use; tables grow with the longest input seen.</summary>
internal sealed class RotaryTables(ModelConfig config, ScalarType dtype, Device device) : IDisposable
{
    private const int SmallestTable = 512;
    private readonly Lock _gate = new();
    private readonly Dictionary<(RotarySettings Settings, bool IsStretched, int Length), Rotary> _tables = [];

    /// <summary>Every layer's rotation for an input of a length, or null where it has none. They stay the tables'.</summary>
    /// <remarks>Where each length has angles of its own, the table is made for the run and ends with the present dispose scope.</remarks>
    public IReadOnlyList<Rotary?> For(int length)
    {
        var made = new Dictionary<RotarySettings, Rotary>();
        return [.. Enumerable.Range(0, config.LayerCount).Select(layer => config.RotaryOf(layer) is { } settings ? For(settings, length, made) : null)];
    }

    /// <summary>Whether keys that were rotated in an input of one length are right in a longer one.</summary>
    public bool CanExtend(int from, int to) => Enumerable.Range(0, config.LayerCount).All(layer =>
        config.RotaryOf(layer) is not { DependsOnLength: true } settings
        || (IsStretched(settings, from) == IsStretched(settings, to) && !(settings.Scaling == RotaryScaling.Dynamic && IsStretched(settings, to))));

    private static bool IsStretched(RotarySettings settings, int length) => settings.DependsOnLength && length > settings.OriginalContextLength;

    private Rotary For(RotarySettings settings, int length, Dictionary<RotarySettings, Rotary> made)
    {
        var isStretched = IsStretched(settings, length);
        if (isStretched && settings.Scaling == RotaryScaling.Dynamic)
        {
            if (!made.TryGetValue(settings, out var own))
            {
                made.Add(settings, own = new Rotary(settings, length, dtype, device, isKept: false));
            }

            return own;
        }

        // One table of a power of two serves all lengths below it, on its side of the length at which the angles change.
        var limit = settings.DependsOnLength && !isStretched ? settings.OriginalContextLength : config.ContextLength;
        var rounded = Math.Max(SmallestTable, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length));
        var size = Math.Max(length, Math.Min(limit, rounded));
        lock (_gate)
        {
            if (!_tables.TryGetValue((settings, isStretched, size), out var rotary))
            {
                using var gradients = no_grad();
                _tables.Add((settings, isStretched, size), rotary = new Rotary(settings, size, dtype, device));
            }

            return rotary;
        }
    }

    public void Dispose()
    {
        foreach (var table in _tables.Values)
        {
            table.Dispose();
        }
    }
}
