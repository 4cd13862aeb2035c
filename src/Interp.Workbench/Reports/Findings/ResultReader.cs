using System.Text.Json;

namespace Interp.Workbench.Reports.Findings;

/// <summary>Reads a result by its keys; what is missing or of another kind is null.</summary>
internal readonly struct ResultReader(JsonElement element)
{
    /// <summary>A part by its path of keys.</summary>
    public JsonElement? this[params ReadOnlySpan<string> path]
    {
        get
        {
            var value = element;
            if (value.ValueKind == JsonValueKind.Undefined)
            {
                return null;
            }

            foreach (var key in path)
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(key, out value))
                {
                    return null;
                }
            }

            return value;
        }
    }

    /// <summary>A number, or null.</summary>
    public double? Number(params ReadOnlySpan<string> path) => this[path] is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    /// <summary>Yes, no, or null.</summary>
    public bool? Flag(params ReadOnlySpan<string> path) => this[path] is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : null;

    /// <summary>A text, or null.</summary>
    public string? Text(params ReadOnlySpan<string> path) => this[path] is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>The members of a list; empty when there is none.</summary>
    public IReadOnlyList<JsonElement> List(params ReadOnlySpan<string> path) =>
        this[path] is { ValueKind: JsonValueKind.Array } value ? [.. value.EnumerateArray()] : [];

    /// <summary>The numbers of a list; empty when there is none.</summary>
    public IReadOnlyList<double> Numbers(params ReadOnlySpan<string> path) =>
        [.. List(path).Where(item => item.ValueKind == JsonValueKind.Number).Select(item => item.GetDouble())];
}
