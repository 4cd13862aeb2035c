using System.Text;
using System.Text.Json;
using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports;

/// <summary>
/// The numbers of a result record as tables, whatever its type: single values by their path, lists of records as rows, long
/// lists by their length and extremes.
/// </summary>
public static class NumbersTable
{
    private const int LongestInlineList = 12;
    private const int MostRows = 50;

    /// <summary>A single value of a result: its name in words, and the value as it is shown.</summary>
    public readonly record struct Line(string Name, string Value);

    /// <summary>A list of records in a result: its name in words, its columns and its rows.</summary>
    public sealed record Grid(string Name, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, int Total);

    /// <summary>The single values of a result, nested ones after their parents' names.</summary>
    public static IReadOnlyList<Line> Lines(JsonElement result)
    {
        var lines = new List<Line>();
        AddLines(lines, "", result);
        return lines;
    }

    /// <summary>The lists of records of a result.</summary>
    public static IReadOnlyList<Grid> Grids(JsonElement result)
    {
        var grids = new List<Grid>();
        AddGrids(grids, "", result);
        return grids;
    }

    internal static void Write(TextWriter writer, JsonElement result)
    {
        var lines = Lines(result);
        if (lines.Count > 0)
        {
            Html.BeginTable(writer, "Quantity", "Value");
            foreach (var line in lines)
            {
                Html.TextRow(writer, line.Name, Html.Text(line.Value));
            }

            Html.EndTable(writer);
        }

        foreach (var grid in Grids(result))
        {
            writer.Write($"<h4>{Html.Text(grid.Name)}</h4>\n");
            Html.BeginTable(writer, grid.Columns);
            foreach (var row in grid.Rows)
            {
                Html.Row(writer, row[0], row.Skip(1).Select(Html.Text));
            }

            Html.EndTable(writer);
            if (grid.Total > grid.Rows.Count)
            {
                writer.Write($"<p class=\"muted\">The first {grid.Rows.Count} of {NumberText.Of(grid.Total)} rows.</p>\n");
            }
        }
    }

    private static void AddLines(List<Line> lines, string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                AddLines(lines, Join(path, property.Name), property.Value);
            }
        }
        else if (!IsGrid(value))
        {
            lines.Add(new Line(path, Text(value)));
        }
    }

    private static void AddGrids(List<Grid> grids, string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                AddGrids(grids, Join(path, property.Name), property.Value);
            }
        }
        else if (IsGrid(value))
        {
            var keys = value.EnumerateArray().SelectMany(row => row.EnumerateObject().Select(property => property.Name)).Distinct(StringComparer.Ordinal).ToList();
            var rows = value.EnumerateArray().Take(MostRows).Select(row => (IReadOnlyList<string>)[.. keys.Select(key => row.TryGetProperty(key, out var cell) ? Text(cell) : NumberText.Missing)]);
            grids.Add(new Grid(path, [.. keys.Select(Words)], [.. rows], value.GetArrayLength()));
        }
    }

    private static bool IsGrid(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object && item.EnumerateObject().Any());

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => NumberText.Of(value.GetDouble()),
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array => List(value),
        JsonValueKind.Object => string.Join("; ", value.EnumerateObject().Select(property => $"{Words(property.Name)} {Text(property.Value)}")),
        _ => NumberText.Missing,
    };

    private static string List(JsonElement list)
    {
        var length = list.GetArrayLength();
        if (length <= LongestInlineList)
        {
            return length == 0 ? "none" : string.Join(", ", list.EnumerateArray().Select(Text));
        }

        if (list.EnumerateArray().All(item => item.ValueKind is JsonValueKind.Number or JsonValueKind.Null))
        {
            var numbers = list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Number).Select(item => item.GetDouble()).ToList();
            return numbers.Count == 0 ? $"{length} missing numbers" : $"{NumberText.Of(length)} numbers from {NumberText.Of(numbers.Min())} to {NumberText.Of(numbers.Max())}";
        }

        return list[0].ValueKind == JsonValueKind.Array
            ? $"{NumberText.Of(length)} lists"
            : $"{string.Join(", ", list.EnumerateArray().Take(LongestInlineList).Select(Text))}, … ({NumberText.Of(length)} in all)";
    }

    private static string Join(string path, string name) => path.Length == 0 ? Words(name) : $"{path} · {Words(name)}";

    // "logitVarianceExplained" as "logit variance explained"; names that are not our keys stay as they are.
    private static string Words(string key)
    {
        if (!key.All(char.IsAsciiLetterOrDigit))
        {
            return key;
        }

        var words = new StringBuilder();
        for (var i = 0; i < key.Length; i++)
        {
            if (i > 0 && char.IsUpper(key[i]) && !char.IsUpper(key[i - 1]))
            {
                words.Append(' ');
            }

            words.Append(char.IsUpper(key[i]) && (i + 1 == key.Length || !char.IsUpper(key[i + 1])) ? char.ToLowerInvariant(key[i]) : key[i]);
        }

        return words.ToString();
    }
}
