using System.Buffers.Binary;
using System.Text.Json;

namespace Interp.Workbench.Figures;

/// <summary>
/// Writes figures for the browser with their large arrays as typed arrays: as base64 inside JSON for a page that must be one
/// file, or as bytes behind JSON for a server. <c>figures.js</c> reads both.
/// </summary>
public static class FigurePacker
{
    /// <summary>The start of every array in the binary form is a multiple of this, so that a browser need not copy it.</summary>
    private const int Alignment = 8;

    // Numbers here are words, labels or positions of ticks; plotly.js wants them as plain arrays.
    private static readonly HashSet<string> s_plain = new(StringComparer.Ordinal) { "text", "hovertext", "ids", "labels", "customdata", "tickvals", "ticktext" };

    /// <summary>Writes a figure as one JSON object; large arrays are <c>{"dtype", "bdata", "shape"}</c> with base64 bytes.</summary>
    public static void WriteJson(Utf8JsonWriter writer, FigureDocument figure)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(figure);
        Write(writer, figure, array => writer.WriteBase64String("bdata", array.Bytes));
    }

    /// <summary>
    /// A figure as bytes: the length of the JSON (4 bytes, little-endian), the JSON, zeros up to a multiple of 8, the arrays.
    /// In the JSON a large array is <c>{"dtype", "offset", "shape"}</c>, its offset counted from the end of those zeros.
    /// </summary>
    public static byte[] ToBytes(FigureDocument figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        using var arrays = new MemoryStream();
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            Write(writer, figure, array =>
            {
                writer.WriteNumber("offset", arrays.Length);
                arrays.Write(array.Bytes);
                arrays.SetLength(Aligned(arrays.Length));
                arrays.Position = arrays.Length;
            });
        }

        var start = (int)Aligned(sizeof(int) + json.Length);
        var bytes = new byte[start + arrays.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)json.Length);
        json.ToArray().CopyTo(bytes, sizeof(int));
        arrays.ToArray().CopyTo(bytes, start);
        return bytes;
    }

    private static long Aligned(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private static void Write(Utf8JsonWriter writer, FigureDocument figure, Action<PackedArray> place)
    {
        writer.WriteStartObject();
        writer.WriteString("name", figure.Name);
        writer.WriteString("title", figure.Title);
        writer.WriteString("description", figure.Description);
        writer.WritePropertyName("data");
        WriteValue(writer, figure.Data, place);
        writer.WritePropertyName("layout");
        WriteValue(writer, figure.Layout, place: null);
        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, JsonElement value, Action<PackedArray>? place)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    WriteValue(writer, property.Value, s_plain.Contains(property.Name) ? null : place);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                WriteArray(writer, value, place);
                break;
            case JsonValueKind.String:
                // Escaped anew: the writer's encoder decides what is safe where the JSON goes.
                writer.WriteStringValue(value.GetString());
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteArray(Utf8JsonWriter writer, JsonElement array, Action<PackedArray>? place)
    {
        if (place is not null && PackedArray.TryPack(array) is { } packed)
        {
            writer.WriteStartObject();
            writer.WriteString("dtype", packed.Dtype);
            writer.WriteString("shape", string.Join(',', packed.Shape));
            place(packed);
            writer.WriteEndObject();
            return;
        }

        writer.WriteStartArray();
        foreach (var item in array.EnumerateArray())
        {
            WriteValue(writer, item, place);
        }

        writer.WriteEndArray();
    }
}
