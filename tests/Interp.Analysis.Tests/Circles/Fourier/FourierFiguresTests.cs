using Interp.Analysis.Circles.Fourier;
using Plotly.Blazor.Traces;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Fourier;

public sealed class FourierFiguresTests
{
    [Fact]
    public void Every_figure_has_a_title_words_and_named_axes()
    {
        var figures = FourierFigures.Draw(Result(neurons: false));
        Assert.Equal(["structure-and-computation", "embedding-power", "logit-variance", "circle-planes", "losses"], figures.Select(figure => figure.Name));
        Assert.Contains("neuron-concentration", FourierFigures.Draw(Result(neurons: true)).Select(figure => figure.Name));
        Assert.All(figures, figure =>
        {
            Assert.NotEmpty(figure.Title);
            Assert.NotEmpty(figure.Description);
            Assert.NotEmpty(figure.Data);
            Assert.All(figure.Layout.XAxis, axis => Assert.NotEmpty(axis.Title.Text));
            Assert.All(figure.Layout.YAxis, axis => Assert.NotEmpty(axis.Title.Text));
        });
    }

    [Fact]
    public void Key_frequencies_are_drawn_apart_from_the_others()
    {
        var result = Result(neurons: false);
        var power = FourierFigures.Draw(result).Single(figure => figure.Name == "embedding-power");
        var bars = power.Data.Cast<Bar>().ToArray();
        Assert.Equal([2, 5], bars[0].X.Cast<int>());
        Assert.Equal([1, 3, 4, 6], bars[1].X.Cast<int>());
        Assert.Equal(100, bars.SelectMany(bar => bar.Y).Cast<double>().Sum(), 1e-9);
    }

    [Fact]
    public void A_circle_is_drawn_in_the_order_of_its_angle_and_closed()
    {
        var planes = FourierFigures.Draw(Result(neurons: false)).Single(figure => figure.Name == "circle-planes");
        var second = (Scatter)planes.Data[1];
        Assert.Equal("x2", second.XAxis);
        Assert.Equal(["0", "8", "3", "11"], second.TextArray.Take(4));
        Assert.Equal("0", second.TextArray[^1]);
        Assert.Equal(14, second.X.Count);
    }

    [Fact]
    public void The_decoy_is_named_in_words()
    {
        var panels = FourierFigures.Draw(Result(neurons: false))[0];
        Assert.Contains("k = 3", panels.Description, StringComparison.Ordinal);
    }

    private static FourierResult Result(bool neurons)
    {
        using var scope = NewDisposeScope();
        using var input = neurons ? IdealClock.Noise(13, 6, 10) : IdealClock.Create(13, [(2, 1, 6), (5, 2, 12), (3, 1, 0)]);
        return FourierAnalysis.Run(input, new FourierOptions());
    }
}
