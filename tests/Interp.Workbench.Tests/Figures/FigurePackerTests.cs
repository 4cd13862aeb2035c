using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Interp.Workbench.Figures;

namespace Interp.Workbench.Tests.Figures;

public sealed class FigurePackerTests
{
    public static TheoryData<string, double[]> Arrays => new()
    {
        { "u1", [.. Range().Select(i => (double)i)] },
        { "i1", [.. Range().Select(i => i - 50.0)] },
        { "u2", [.. Range().Select(i => i * 600.0)] },
        { "i2", [.. Range().Select(i => -i * 300.0)] },
        { "i4", [.. Range().Select(i => i * 100_000.0)] },
        { "f4", [.. Range().Select(i => i / 4.0)] },
        { "f8", [.. Range().Select(i => i / 3.0)] },
        { "f8", [.. Range().Select(i => i * 1e10 + 0.1)] },
    };

    [Theory]
    [MemberData(nameof(Arrays))]
    public void An_array_takes_the_smallest_type_and_keeps_its_values(string dtype, double[] values)
    {
        var packed = Pack(values)!;
        Assert.Equal(dtype, packed.Dtype);
        Assert.Equal(values, Values(packed));
    }

    [Fact]
    public void Numbers_written_as_floats_are_packed_as_those_floats()
    {
        var floats = Range().Select(i => i / 3f).ToArray();
        var packed = PackedArray.TryPack(JsonSerializer.SerializeToElement(floats))!;
        Assert.Equal("f4", packed.Dtype);
        Assert.Equal(floats, Values(packed).Select(value => (float)value));
    }

    [Fact]
    public void Gaps_become_not_a_number_and_rows_a_shape()
    {
        var packed = PackedArray.TryPack(JsonSerializer.SerializeToElement(Enumerable.Range(0, 10).Select(r => Range().Take(10).Select(c => r == c ? (double?)null : c))))!;
        Assert.Equal([10, 10], packed.Shape);
        Assert.Equal(10, Values(packed).Count(double.IsNaN));
    }

    [Theory]
    [InlineData("[1,2,3]")]
    [InlineData("[]")]
    [InlineData("[[1,2],[3]]")]
    [InlineData("[\"a\",1]")]
    public void Short_ragged_and_worded_arrays_stay_as_they_are(string json)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Null(PackedArray.TryPack(document.RootElement));
    }

    [Fact]
    public void The_binary_form_places_aligned_arrays_behind_the_words()
    {
        var figure = Figure(new { type = "scatter", name = "é", x = Range(), y = Range().Select(i => i / 4f), text = Range() });
        var bytes = FigurePacker.ToBytes(figure);
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var start = (4 + length + 7) / 8 * 8;
        using var json = JsonDocument.Parse(bytes.AsMemory(4, length));
        var trace = json.RootElement.GetProperty("data")[0];
        var y = trace.GetProperty("y");

        Assert.Equal("f4", y.GetProperty("dtype").GetString());
        Assert.Equal(0, y.GetProperty("offset").GetInt32() % 8);
        Assert.Equal(Range().Select(i => i / 4f), MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start + y.GetProperty("offset").GetInt32(), 400)).ToArray());
        Assert.Equal(JsonValueKind.Array, trace.GetProperty("text").ValueKind);
        Assert.Equal("é", trace.GetProperty("name").GetString());
    }

    [Fact]
    public void Text_inside_json_for_a_page_cannot_close_its_script()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            FigurePacker.WriteJson(writer, Figure(new { name = "</script><!--\u2028" }));
        }

        var text = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        Assert.DoesNotContain('<', text);
        Assert.DoesNotContain('\u2028', text);
    }

    private static FigureDocument Figure(object trace) =>
        new("n", "t", "d", JsonSerializer.SerializeToElement(new[] { trace }), JsonSerializer.SerializeToElement(new { }));

    private static PackedArray? Pack(double[] values) => PackedArray.TryPack(JsonSerializer.SerializeToElement(values));

    private static IEnumerable<int> Range() => Enumerable.Range(0, 100);

    private static IEnumerable<double> Values(PackedArray packed) => packed.Dtype switch
    {
        "u1" => packed.Bytes.Select(value => (double)value),
        "i1" => MemoryMarshal.Cast<byte, sbyte>(packed.Bytes).ToArray().Select(value => (double)value),
        "u2" => MemoryMarshal.Cast<byte, ushort>(packed.Bytes).ToArray().Select(value => (double)value),
        "i2" => MemoryMarshal.Cast<byte, short>(packed.Bytes).ToArray().Select(value => (double)value),
        "i4" => MemoryMarshal.Cast<byte, int>(packed.Bytes).ToArray().Select(value => (double)value),
        "f4" => MemoryMarshal.Cast<byte, float>(packed.Bytes).ToArray().Select(value => (double)value),
        _ => MemoryMarshal.Cast<byte, double>(packed.Bytes).ToArray(),
    };
}
