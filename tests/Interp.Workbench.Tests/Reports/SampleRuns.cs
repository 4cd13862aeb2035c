using Interp.Analysis;
using Interp.Workbench.Workspace;
using Plotly.Blazor;
using Plotly.Blazor.Traces;
using Plotly.Blazor.Traces.ScatterLib;

namespace Interp.Workbench.Tests.Reports;

/// <summary>Runs with figures of every kind, written by hand.</summary>
internal static class SampleRuns
{
    public const int ScatterPoints = 500;
    public const int Bars = 7;

    /// <summary>What a name may hold that would harm a page that trusts it.</summary>
    public const string Hostile = "</script><script>document.title='broken'</script><!--\u2028<img src=x onerror=\"document.title='broken'\">";

    public sealed record Numbers(double Epsilon, IReadOnlyList<double> Values, IReadOnlyList<Row> Rows);

    public sealed record Row(string Name, double Score);

    /// <summary>A run with a scatter plot, bars and, if asked, a heat map.</summary>
    public static RunRecord Write(RunStore store, string title = "Sample", bool heatMap = false, string text = "plain", string analysis = "sample")
    {
        using var writer = store.BeginRun(new RunRequest
        {
            Analysis = analysis,
            Title = title,
            Sources = new RunSources { Model = text },
            Options = new Dictionary<string, string> { ["Seed"] = "7", ["Note"] = text },
        });
        writer.Log(text);
        writer.WriteResult(new Numbers(0.123456, [.. Enumerable.Range(0, 100).Select(i => i / 3.0)], [new Row(text, 1.5), new Row("b", double.NaN)]));
        writer.WriteFigures([.. Figures(text, heatMap)]);
        return writer.Commit();
    }

    private static IEnumerable<Figure> Figures(string text, bool heatMap)
    {
        var angles = Enumerable.Range(0, ScatterPoints).Select(i => 2 * Math.PI * i / ScatterPoints).ToList();
        var ring = new Scatter { Name = text, Mode = ModeFlag.Markers, X = [.. angles.Select(a => (object)Math.Cos(a))], Y = [.. angles.Select(a => (object)Math.Sin(a))] };
        yield return new Figure("ring", $"Ring {text}", "A ring of unit radius.", [ring], new Layout { XAxis = [new() { Title = new() { Text = text } }] });
        yield return new Figure("bars", "Bars", "Seven bars.", [new Bar { X = [.. Enumerable.Range(0, Bars).Cast<object>()], Y = [.. Enumerable.Range(1, Bars).Cast<object>()] }], new Layout());
        if (heatMap)
        {
            yield return new Figure("heat", "Heat", "A map.", [new HeatMap { Z = [.. Enumerable.Range(0, 8).Select(r => (object)Enumerable.Range(0, 9).Select(c => r * c / 2f).ToArray())] }], new Layout());
        }
    }
}
