using System.Text.Json;
using System.Text.Json.Serialization;
using Interp.Compute;

namespace Interp.Models.Hooks.Interventions;

/// <summary>Positions in JSON: "all", "last", a list of numbers, or {"from": …, "to": …}.</summary>
internal sealed class InterventionPositions : JsonConverter<HookPositions>
{
    public override HookPositions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var value = document.RootElement;
        return value.ValueKind switch
        {
            JsonValueKind.String when value.GetString() == "all" => HookPositions.All,
            JsonValueKind.String when value.GetString() == "last" => HookPositions.Last,
            JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out _)) =>
                HookPositions.At([.. value.EnumerateArray().Select(item => item.GetInt32())]),
            JsonValueKind.Object when value.EnumerateObject().All(item => item.Name is "from" or "to") => HookPositions.Range(Bound(value, "from"), Bound(value, "to")),
            _ => throw new JsonException($"positions are {value.GetRawText()}, expected \"all\", \"last\", a list of whole numbers, or {{\"from\": …, \"to\": …}}"),
        };
    }

    public override void Write(Utf8JsonWriter writer, HookPositions value, JsonSerializerOptions options)
    {
        if (value.IsAll)
        {
            writer.WriteStringValue("all");
        }
        else if (value is { From: -1, To: null, List: null })
        {
            writer.WriteStringValue("last");
        }
        else if (value.List is { } list)
        {
            writer.WriteStartArray();
            foreach (var position in list)
            {
                writer.WriteNumberValue(position);
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteStartObject();
            WriteBound(writer, "from", value.From);
            WriteBound(writer, "to", value.To);
            writer.WriteEndObject();
        }
    }

    private static int? Bound(JsonElement value, string key) => !value.TryGetProperty(key, out var bound) || bound.ValueKind == JsonValueKind.Null ? null
        : bound.ValueKind == JsonValueKind.Number && bound.TryGetInt32(out var number) ? number
        : throw new JsonException($"{key} is {bound.GetRawText()}, expected a whole number");

    private static void WriteBound(Utf8JsonWriter writer, string key, int? bound)
    {
        if (bound is { } number)
        {
            writer.WriteNumber(key, number);
        }
    }
}
