using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>A model's rotations, one table for each that its layers use; tables grow with the longest input seen.</summary>
internal sealed class RotaryTables(ModelConfig config, ScalarType dtype, Device device) : IDisposable
{
    private const int SmallestTable = 512;
    private readonly Lock _gate = new();
    private readonly Dictionary<(RotarySettings Settings, int Length), Rotary> _tables = [];

    /// <summary>A layer's rotation for an input of a length, or null. It stays the tables'.</summary>
    public Rotary? For(int layer, int length)
    {
        if (config.RotaryOf(layer) is not { } settings)
        {
            return null;
        }

        // Where the angles depend on the length there is a table a length; else one of a power of two serves all below it.
        var isStretched = settings.DependsOnLength && length > settings.OriginalContextLength;
        var limit = settings.DependsOnLength ? settings.OriginalContextLength : config.ContextLength;
        var rounded = Math.Max(SmallestTable, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)length));
        var size = isStretched ? length : Math.Max(length, Math.Min(limit, rounded));
        lock (_gate)
        {
            if (!_tables.TryGetValue((settings, size), out var rotary))
            {
                using var gradients = no_grad();
                _tables.Add((settings, size), rotary = new Rotary(settings, size, dtype, device));
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
