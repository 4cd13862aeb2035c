using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interp.Workbench.Figures;

/// <summary>Writes numbers that are not finite as null, which plotly.js draws as a gap; JSON has no other word for them.</summary>
internal sealed class FiniteDoubleConverter : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
