using System.Globalization;
using System.Text.Json;

namespace Interp.Cli.Verbs;

/// <summary>Prints a result record for people: every number by its key, long lists by their length.</summary>
internal static class ResultText
{
    private const int LongestList = 12;
    private const int Deepest = 3;

    /// <summary>Writes a record, a line a key.</summary>
    public static void Write(TextWriter output, JsonElement result, string indent = "") => Write(output, result, indent, 0);

    private static void Write(TextWriter output, JsonElement element, string indent, int depth)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            output.WriteLine(indent + OneLine(element));
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Object && depth < Deepest && property.Value.EnumerateObject().Any())
            {
                output.WriteLine($"{indent}{property.Name}:");
                Write(output, property.Value, indent + "  ", depth + 1);
            }
            else if (IsListOfRecords(property.Value))
            {
                output.WriteLine($"{indent}{property.Name}:");
                foreach (var record in property.Value.EnumerateArray())
                {
                    output.WriteLine($"{indent}  - {Fields(record)}");
                }
            }
            else
            {
                output.WriteLine($"{indent}{property.Name}: {OneLine(property.Value)}");
            }
        }
    }

    private static bool IsListOfRecords(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array && element.GetArrayLength() is > 0 and <= LongestList
        && element.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object);

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
