using System.Text.Json;
using Interp.Analysis;
using Interp.Workbench.Figures;
using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Workbench.Tests.Figures;

public sealed class FigureSerializerTests
{
    [Fact]
    public void A_scatter_has_plotlys_own_names_and_its_array_of_colours()
    {
        var json = Data(new Scatter
        {
            Name = "a<b",
            X = [1.5, 2f, "x"],
            Y = [1, 2L, 3m],
            Mode = ModeFlag.Lines | ModeFlag.Markers,
            TextArray = ["p", "q", "r"],
            Marker = new Marker { ColorArray = [1, 2, 3], ColorScale = new object[] { new object[] { 0, "#fff" }, new object[] { 1, "#000" } } },
        });
        Equal("""
            [{"type":"scatter","name":"a<b","x":[1.5,2,"x"],"y":[1,2,3],"mode":"lines+markers","text":["p","q","r"],
              "marker":{"color":[1,2,3],"colorscale":[[0,"#fff"],[1,"#000"]]}}]
            """, json);
    }

    [Fact]
    public void Every_trace_type_keeps_its_type_and_values()
    {
        var json = Data(
            new ScatterGl { X = [0.25f], Y = [1e-9] },
            new Bar { X = ["day"], Y = [3] },
            new HeatMap { Z = [new double[] { 1, 2 }, new List<object> { 3f, 4 }] },
            new Histogram { X = [1, 2, 2] });
        Equal("""
            [{"type":"scattergl","x":[0.25],"y":[1e-9]},{"type":"bar","x":["day"],"y":[3]},
             {"type":"heatmap","z":[[1,2],[3,4]]},{"type":"histogram","x":[1,2,2]}]
            """, json);
    }

    [Fact]
    public void Numbers_that_are_not_finite_and_missing_values_become_gaps()
    {
        var json = Data(
            new Scatter { X = [double.NaN, 1, null!], Y = [float.PositiveInfinity, double.NegativeInfinity, float.NaN] },
            new HeatMap { Z = [new[] { 1, double.NaN }, new[] { float.NegativeInfinity, 2f }] });
        Equal("""[{"type":"scatter","x":[null,1,null],"y":[null,null,null]},{"type":"heatmap","z":[[1,null],[null,2]]}]""", json);
    }

    [Fact]
    public void A_layout_numbers_its_axes_and_leaves_out_what_is_not_set()
    {
        var layout = new Layout
        {
            Title = new Title { Text = "T" },
            BarMode = BarModeEnum.Overlay,
            XAxis = [new XAxis { Type = Plotly.Blazor.LayoutLib.XAxisLib.TypeEnum.Log, Title = new() { Text = "x" } }],
            YAxis = [new YAxis(), null!, new YAxis { Overlaying = "y" }],
            Annotations = [new Annotation { Text = "hi" }],
            Shapes = [new Shape { X0 = double.NaN, Y0 = 1 }],
        };
        Equal("""
            {"title":{"text":"T"},"barmode":"overlay","xaxis":{"type":"log","title":{"text":"x"}},"yaxis":{},"yaxis3":{"overlaying":"y"},
             "annotations":[{"text":"hi"}],"shapes":[{"y0":1}]}
            """, FigureSerializer.Serialize(new Figure("n", "t", "d", [], layout)).Layout);
    }

    [Fact]
    public void A_list_of_figures_reads_back_as_it_was_written()
    {
        var figure = FigureSerializer.Serialize(new Figure("n", "t & <t>", "d ε", [new Bar { Y = [1] }], new Layout()));
        using var stream = new MemoryStream();
        FigureSerializer.Write(stream, [figure, figure with { Name = "m" }]);
        stream.Position = 0;

        var read = FigureSerializer.Read(stream);

        Assert.Equal(["n", "m"], read.Select(f => f.Name));
        Assert.Equal(("t & <t>", "d ε"), (read[0].Title, read[0].Description));
        Equal("""[{"type":"bar","y":[1]}]""", read[1].Data);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[{\"name\":\"n\"}]")]
    [InlineData("[null]")]
    [InlineData("{")]
    public void Text_that_is_no_list_of_figures_is_refused(string text) =>
        Assert.ThrowsAny<JsonException>(() => FigureSerializer.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text))));

    private static JsonElement Data(params ITrace[] traces) => FigureSerializer.Serialize(new Figure("n", "t", "d", traces, new Layout())).Data;

    private static void Equal(string expected, JsonElement actual)
    {
        using var document = JsonDocument.Parse(expected);
        Assert.True(JsonElement.DeepEquals(document.RootElement, actual), actual.GetRawText());
    }
}
