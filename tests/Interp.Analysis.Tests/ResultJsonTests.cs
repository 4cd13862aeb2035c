using System.Text.Json;

namespace Interp.Analysis.Tests;

public sealed class ResultJsonTests
{
    private enum Kind
    {
        NearOrthogonal,
    }

    private sealed record Sample(double FirstValue, double[] Values, double? Missing, float Single, Kind Kind);

    [Fact]
    public void Keys_are_camel_case_choices_kebab_case_and_non_finite_numbers_null()
    {
        var json = JsonSerializer.Serialize(
            new Sample(double.NaN, [1.5, double.PositiveInfinity], null, float.NegativeInfinity, Kind.NearOrthogonal), ResultJson.Options);
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        Assert.Equal(JsonValueKind.Null, root.GetProperty("firstValue").ValueKind);
        Assert.Equal(1.5, root.GetProperty("values")[0].GetDouble());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("values")[1].ValueKind);
        Assert.Equal(JsonValueKind.Null, root.GetProperty("single").ValueKind);
        Assert.Equal("near-orthogonal", root.GetProperty("kind").GetString());
    }

    [Fact]
    public void A_result_reads_back_with_not_a_number_where_null_was_written()
    {
        var back = JsonSerializer.Deserialize<Sample>(
            JsonSerializer.Serialize(new Sample(double.NaN, [0.1], 0.3, 2f, Kind.NearOrthogonal), ResultJson.Options), ResultJson.Options)!;
        Assert.True(double.IsNaN(back.FirstValue));
        Assert.Equal([0.1], back.Values);
        Assert.Equal(0.3, back.Missing);
    }
}
