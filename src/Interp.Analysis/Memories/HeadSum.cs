using System.Globalization;
using Interp.Compute;
using Interp.Models.Transformer;

namespace Interp.Analysis.Memories;

/// <summary>Reads heads written as layer.head.</summary>
internal static class HeadSum
{
    /// <summary>The heads, in the order written.</summary>
    /// <exception cref="InterpException">One is written otherwise, or the model has none such.</exception>
    public static IReadOnlyList<(int Layer, int Head)> Read(IReadOnlyList<string> written, ModelConfig config) =>
        [.. written.Select(text =>
        {
            var parts = text.Split('.');
            return parts.Length == 2
                && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var layer) && layer < config.LayerCount
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var head) && head < config.HeadCount
                ? (layer, head)
                : throw new InterpException($"\"{text}\" names no head: write layer.head from 0.0 to {config.LayerCount - 1}.{config.HeadCount - 1}");
        })];
}
