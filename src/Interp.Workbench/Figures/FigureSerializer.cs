using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Interp.Analysis;
using Plotly.Blazor;

namespace Interp.Workbench.Figures;

/// <summary>
/// Turns figures into exactly the JSON that plotly.js takes, by Plotly.Blazor's own converters (array twins of scalar
/// properties, numbered axes, names of enumerations), and stores lists of them.
/// </summary>
public static class FigureSerializer
{
    // As Plotly.Blazor's own component is set, but gaps instead of an exception for numbers that are not finite.
    private static readonly JsonSerializerOptions s_plotly = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new PolymorphicConverter<ITrace>(),
            new DateTimeConverter(),
            new DateTimeOffsetConverter(),
            ResultJson.Options.GetConverter(typeof(double)),
            ResultJson.Options.GetConverter(typeof(float)),
        },
    };

    private static readonly JsonSerializerOptions s_list = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The stored form of a figure.</summary>
    public static FigureDocument Serialize(Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        var data = new JsonArray([.. figure.Data.Select(trace => WithoutNullProperties(JsonSerializer.SerializeToNode(trace, s_plotly)))]);
        var layout = WithoutNullProperties(JsonSerializer.SerializeToNode(figure.Layout, s_plotly));
        return new FigureDocument(figure.Name, figure.Title, figure.Description, Element(data), Element(layout));
    }

    /// <summary>Writes figures as the text of <c>figures.json</c>, UTF-8.</summary>
    public static void Write(Stream stream, IReadOnlyList<FigureDocument> figures) => JsonSerializer.Serialize(stream, figures, s_list);

    /// <summary>Reads the text of <c>figures.json</c>.</summary>
    /// <exception cref="JsonException">It is not a list of figures.</exception>
    public static IReadOnlyList<FigureDocument> Read(Stream stream) =>
        JsonSerializer.Deserialize<List<FigureDocument>>(stream, s_list) is { } figures
        && figures.TrueForAll(f => f is { Name: not null, Data.ValueKind: JsonValueKind.Array, Layout.ValueKind: JsonValueKind.Object })
            ? figures
            : throw new JsonException("a list of figures with data and layout was expected");

    // An axis left out of a numbered list is written as a null property, at which plotly.js stumbles; nulls inside arrays are gaps and stay.
    private static JsonNode? WithoutNullProperties(JsonNode? node)
    {
        if (node is JsonObject item)
        {
            foreach (var (name, value) in item.ToArray())
            {
                if (value is null)
                {
                    item.Remove(name);
                }
                else
                {
                    WithoutNullProperties(value);
                }
            }
        }
        else if (node is JsonArray { Count: > 0 } list && list[0] is JsonObject)
        {
            foreach (var member in list)
            {
                WithoutNullProperties(member);
            }
        }

        return node;
    }

    private static JsonElement Element(JsonNode? node) => JsonSerializer.SerializeToElement(node);
}
