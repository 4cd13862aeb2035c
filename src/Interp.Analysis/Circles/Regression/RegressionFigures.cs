using System.Globalization;
using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using Bar = Plotly.Blazor.Traces.Bar;

namespace Interp.Analysis.Circles.Regression;

/// <summary>The figures of an explanation via regression.</summary>
public static class RegressionFigures
{
    /// <summary>Draws R² along the path and the residual's image after each group.</summary>
    public static IReadOnlyList<Figure> Draw(RegressionResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [Path(result), .. result.Steps.Where(step => step.Colours.Length > 0).Select((step, place) => Residual(step, place, result))];
    }

    private static Figure Path(RegressionResult result)
    {
        const string Title = "Variance explained by groups of features";
        object[] names = [.. result.Steps.Select(step => $"{step.Group} (rank {step.Rank})")];
        Bar Bars(string name, Func<RegressionStep, double> value) => new() { Name = name, X = [.. names], Y = [.. result.Steps.Select(step => (object)value(step))] };
        return new Figure(
            "path",
            Title,
            string.Create(CultureInfo.InvariantCulture, $"R² after each group, in all cells and in cells held out of the fit. The rank of the design, of {result.Cells} cells, stands beside each group: a one-hot explains much because it has many degrees of freedom."),
            [Bars("all cells", step => step.R2), Bars("held-out cells", step => step.HeldOutR2)],
            new Layout
            {
                Title = new Title { Text = Title },
                BarMode = BarModeEnum.Group,
                XAxis = [new XAxis { Title = new() { Text = "group added" }, Type = Plotly.Blazor.LayoutLib.XAxisLib.TypeEnum.Category }],
                YAxis = [new YAxis { Title = new() { Text = "R²" } }],
            });
    }

    private static Figure Residual(RegressionStep step, int place, RegressionResult result)
    {
        var title = $"Residual after {step.Group}";
        return new Figure(
            $"residual-{place}",
            title,
            string.Create(CultureInfo.InvariantCulture, $"The first three scores of what is left as red, green and blue, one pixel a cell; R² {step.R2:F3} so far. Stripes across a row are a function of α alone, down a column of β alone; anti-diagonals of α + β, diagonals of α − β; noise has none."),
            [
                new Plotly.Blazor.Traces.Image
                {
                    Name = title,
                    Z =
                    [
                        .. Enumerable.Range(0, result.Grid).Select(a => (object)Enumerable.Range(0, result.Grid)
                            .Select(b => (object)Array.ConvertAll(step.Colours[(a * result.Grid) + b], value => (int)value)).ToArray()),
                    ],
                },
            ],
            FigureLayout.Linear(title, "β", "α"));
    }
}
