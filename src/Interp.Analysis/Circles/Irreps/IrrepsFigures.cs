using Plotly.Blazor;
using Plotly.Blazor.LayoutLib;
using Plotly.Blazor.Traces;

namespace Interp.Analysis.Circles.Irreps;

/// <summary>The figures of a split into irreducible representations.</summary>
public static class IrrepsFigures
{
    private const int Bins = 40;

    /// <summary>Draws the power by representation and the functions by concentration.</summary>
    public static IReadOnlyList<Figure> Draw(IrrepsResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [Power(result), Concentration(result)];
    }

    private static Figure Power(IrrepsResult result)
    {
        var title = $"Power by irreducible representation of {result.Group}";
        return new Figure(
            "power-by-representation",
            title,
            "Share of all functions' power in each irreducible representation, its dimension d beside its name; what random functions would have is drawn beside it.",
            [
                new Bar { Name = "functions", X = Names(result), Y = [.. result.Irreps.Select(irrep => (object)(100 * irrep.Power))] },
                new Bar { Name = "random functions", X = Names(result), Y = [.. result.Irreps.Select(irrep => (object)(100 * irrep.ChancePower))] },
            ],
            new Layout
            {
                Title = new Title { Text = title },
                BarMode = BarModeEnum.Group,
                XAxis = [new XAxis { Title = new() { Text = "irreducible representation" }, Type = Plotly.Blazor.LayoutLib.XAxisLib.TypeEnum.Category }],
                YAxis = [new YAxis { Title = new() { Text = "share of power (%)" } }],
            });
    }

    private static Figure Concentration(IrrepsResult result)
    {
        const string Title = "How much of each function one representation has";
        var counts = new int[Bins];
        foreach (var share in result.Shares.Where(double.IsFinite))
        {
            counts[Math.Clamp((int)(share * Bins), 0, Bins - 1)]++;
        }

        return new Figure(
            "concentration",
            Title,
            "Functions by the share of their nontrivial power in their strongest irreducible representation; constants are left out.",
            [
                new Bar
                {
                    Name = "functions",
                    X = [.. Enumerable.Range(0, Bins).Select(bin => (object)((bin + 0.5) / Bins))],
                    Y = [.. counts.Select(count => (object)count)],
                },
            ],
            FigureLayout.Linear(Title, "share of nontrivial power", "functions"));
    }

    private static List<object> Names(IrrepsResult result) => [.. result.Irreps.Select(irrep => $"{irrep.Name} (d = {irrep.Dimension})")];
}
