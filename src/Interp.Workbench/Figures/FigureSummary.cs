using System.Globalization;
using System.Text.Json;

namespace Interp.Workbench.Figures;

/// <summary>What a figure shows, in words: its traces, how many points each has, and their extremes.</summary>
public static class FigureSummary
{
    private static readonly string[] s_axes = ["x", "y", "z"];

    /// <summary>One sentence a trace, for readers who cannot see the figure.</summary>
    public static string Describe(FigureDocument figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return string.Join(' ', figure.Data.EnumerateArray().Select(Describe));
    }

    /// <summary>The number of points of a figure: values drawn, cells of a heat map included.</summary>
    public static long Points(FigureDocument figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return figure.Data.EnumerateArray().Sum(Points);
    }

    /// <summary>Whether a figure is made of several plots side by side and needs the whole width.</summary>
    public static bool IsWide(FigureDocument figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return figure.Layout.EnumerateObject().Any(property => property.Name.StartsWith("xaxis", StringComparison.Ordinal) && property.Name.Length > "xaxis".Length);
    }

    private static long Points(JsonElement trace) =>
        s_axes.Select(axis => Count(trace, axis)).DefaultIfEmpty().Max();

    private static long Count(JsonElement trace, string key) =>
        !trace.TryGetProperty(key, out var array) || array.ValueKind != JsonValueKind.Array ? 0
        : array.GetArrayLength() > 0 && array[0].ValueKind == JsonValueKind.Array ? array.EnumerateArray().Sum(row => (long)row.GetArrayLength())
        : array.GetArrayLength();

    private static string Describe(JsonElement trace)
    {
        var kind = trace.TryGetProperty("type", out var type) && type.GetString() is { } word ? word : "trace";
        var name = trace.TryGetProperty("name", out var text) && text.GetString() is { Length: > 0 } given ? $" “{given}”" : "";
        var ranges = s_axes.Select(axis => Range(trace, axis)).Where(range => range.Length > 0).ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{Capital(kind)}{name}: {Points(trace)} points{(ranges.Count > 0 ? $"; {string.Join(", ", ranges)}" : "")}.");
    }

    private static string Range(JsonElement trace, string key)
    {
        if (!trace.TryGetProperty(key, out var array) || array.ValueKind != JsonValueKind.Array)
        {
            return "";
        }

        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        Extend(array, ref low, ref high);
        return low <= high ? $"{key} from {NumberText.Of(low)} to {NumberText.Of(high)}" : "";
    }

    private static void Extend(JsonElement array, ref double low, ref double high)
    {
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Array)
            {
                Extend(item, ref low, ref high);
            }
            else if (item.ValueKind == JsonValueKind.Number)
            {
                low = Math.Min(low, item.GetDouble());
                high = Math.Max(high, item.GetDouble());
            }
        }
    }

    private static string Capital(string word) => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..];
}
