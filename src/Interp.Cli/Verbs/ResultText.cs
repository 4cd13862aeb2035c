using System.Globalization;
using System.Text.Json;

namespace Interp.Cli.Verbs;

/// <summary>Prints a record for people: every number by its key, long lists by their length.</summary>
internal static class ResultText
{
    private const int LongestList = 12;
    private const int Deepest = 3;

    /// <summary>Writes a record, a line a key.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="result">The record.</param>
    /// <param name="indent">What lines start with.</param>
    /// <param name="withEmpty">Whether keys without a value are written too; a result leaves out what it was not asked for.</param>
    public static void Write(TextWriter output, JsonElement result, string indent = "", bool withEmpty = false) => Write(output, result, indent, withEmpty, 0);

    private static void Write(TextWriter output, JsonElement element, string indent, bool withEmpty, int depth)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            output.WriteLine(indent + OneLine(element));
            return;
        }

        foreach (var property in element.EnumerateObject().Where(property => withEmpty || !IsEmpty(property.Value)))
        {
            if (property.Value.ValueKind == JsonValueKind.Object && depth < Deepest && property.Value.EnumerateObject().Any())
            {
                output.WriteLine($"{indent}{property.Name}:");
                Write(output, property.Value, indent + "  ", withEmpty, depth + 1);
            }
            else if (IsList(property.Value))
            {
                output.WriteLine($"{indent}{property.Name}:");
                foreach (var item in property.Value.EnumerateArray())
                {
                    output.WriteLine($"{indent}  - {(item.ValueKind == JsonValueKind.Object ? Fields(item) : OneLine(item))}");
                }
            }
            else
            {
                output.WriteLine($"{indent}{property.Name}: {OneLine(property.Value)}");
            }
        }
    }

    private static bool IsEmpty(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => element.GetString()!.Length == 0,
        JsonValueKind.Array => element.GetArrayLength() == 0,
        JsonValueKind.Object => element.EnumerateObject().All(property => IsEmpty(property.Value)),
        _ => false,
    };

    /// <summary>Whether a list has a line an item: records, and texts that are more than a word.</summary>
    private static bool IsList(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array && element.GetArrayLength() is > 0 and <= LongestList
        && (element.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
            || element.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.GetString()!.Contains(' ', StringComparison.Ordinal)));

    private static string Fields(JsonElement record) =>
        string.Join(", ", record.EnumerateObject().Select(property => $"{property.Name} {OneLine(property.Value)}"));

    private static string OneLine(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => "none",
        JsonValueKind.Number => Number(element),
        JsonValueKind.String => element.GetString()!.ReplaceLineEndings(" "),
        JsonValueKind.Array => List(element),
        JsonValueKind.Object => $"{{{Fields(element)}}}",
        _ => element.GetRawText(),
    };

    private static string List(JsonElement array) => array.GetArrayLength() > LongestList
        ? $"{array.GetArrayLength()} values"
        : $"[{string.Join(", ", array.EnumerateArray().Select(OneLine))}]";

    private static string Number(JsonElement number) => number.TryGetInt64(out var whole)
        ? whole.ToString(CultureInfo.InvariantCulture)
        : number.GetDouble().ToString("G6", CultureInfo.InvariantCulture);
}
