using Interp.Models.Hooks;

namespace Interp.Web.ViewModels;

/// <summary>A hook point, or the same one in all layers, as a table shows it.</summary>
/// <param name="Name">Its name; "N" stands for the layer.</param>
/// <param name="Axes">The axes of its value.</param>
/// <param name="Layers">The layers that have it; empty outside layers.</param>
/// <param name="IsOptIn">Whether it fires only when it is asked for by name.</param>
public sealed record HookLine(string Name, string Axes, string Layers, bool IsOptIn)
{
    internal static IReadOnlyList<HookLine> Of(IReadOnlyList<HookPoint> points)
    {
        var lines = points.GroupBy(point => (Name: Pattern(point), point.Axes, point.IsOptIn));
        return [.. lines.Select(line => new HookLine(line.Key.Name, line.Key.Axes, Range([.. line.Select(point => point.Layer).OfType<int>()]), line.Key.IsOptIn))];
    }

    private static string Pattern(HookPoint point) =>
        point.Layer is { } layer ? point.Name.Replace($"blocks.{layer}.", "blocks.N.", StringComparison.Ordinal) : point.Name;

    private static string Range(int[] layers) =>
        layers.Length == 0 ? "" : layers.Length == 1 ? $"{layers[0]}" : layers[^1] - layers[0] == layers.Length - 1 ? $"{layers[0]}–{layers[^1]}" : string.Join(", ", layers);
}
