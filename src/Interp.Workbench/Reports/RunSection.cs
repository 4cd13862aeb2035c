using System.Text;
using System.Text.Json;
using Interp.Analysis;
using Interp.Workbench.Figures;

namespace Interp.Workbench.Reports;

/// <summary>One run in a report: its figures, its numbers, its settings, its log.</summary>
internal sealed class RunSection(TextWriter writer, ReportRun run)
{
    /// <summary>A longer result is left out as JSON; its file is in the run's folder.</summary>
    private const int LongestResultText = 200_000;

    public void Write()
    {
        var manifest = run.Record.Manifest;
        writer.Write($"<section class=\"run\" id=\"{run.Anchor}\" aria-labelledby=\"{run.Anchor}-heading\"><h2 id=\"{run.Anchor}-heading\">{Html.Text(run.Heading)}</h2>\n");
        if (AnalysisCatalogue.All.FirstOrDefault(entry => entry.Name == manifest.Analysis) is { } entry)
        {
            writer.Write($"<p class=\"muted\">{Html.Text(entry.Summary)}</p>\n");
        }

        foreach (var problem in run.Record.Problems)
        {
            writer.Write($"<p class=\"problem\">{Html.Text(problem)}</p>\n");
        }

        for (var number = 0; number < run.Record.Figures.Count; number++)
        {
            WriteFigure(run.Record.Figures[number], run.FigureAnchor(number));
        }

        WriteNumbers();
        writer.Write("<h3>Settings</h3>\n");
        SettingsTable.Write(writer, manifest);
        if (run.Record.Log.Length > 0)
        {
            writer.Write($"<details><summary>Log</summary><pre tabindex=\"0\">{Html.Text(run.Record.Log)}</pre></details>\n");
        }

        writer.Write("</section>\n");
    }

    private void WriteFigure(FigureDocument figure, string anchor)
    {
        var data = $"{anchor}-data";
        writer.Write($"<figure id=\"{anchor}\" aria-labelledby=\"{anchor}-title\"><h4 id=\"{anchor}-title\">{Html.Text(figure.Title)}</h4>\n");
        writer.Write($"<figcaption>{Html.Text(figure.Description)}</figcaption>\n");
        writer.Write($"<div class=\"plot\" role=\"img\" aria-label=\"{Html.Text($"{figure.Title}. {FigureSummary.Describe(figure)}")}\" data-figure=\"{data}\"><noscript>This figure is drawn by a script; its values are in the run's figures.json.</noscript></div>\n");
        writer.Write($"<details data-values=\"{data}\"><summary>Values as a table</summary><p class=\"muted\">{Html.Text(FigureSummary.Describe(figure))}</p><div class=\"scroll\" tabindex=\"0\"><table></table></div></details>\n");
        writer.Write($"<script type=\"application/json\" id=\"{data}\">");
        WriteScriptJson(figure);
        writer.Write("</script>\n</figure>\n");
    }

    // The default encoder writes <, >, & and everything that is not ASCII as \u escapes: no text can close the script's tag.
    private void WriteScriptJson(FigureDocument figure)
    {
        using var json = new MemoryStream();
        using (var packed = new Utf8JsonWriter(json))
        {
            FigurePacker.WriteJson(packed, figure);
        }

        writer.Write(Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length));
    }

    private void WriteNumbers()
    {
        var result = run.Record.Result;
        if (result.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        writer.Write("<h3>Numbers</h3>\n");
        NumbersTable.Write(writer, result);
        var text = JsonSerializer.Serialize(result, ResultJson.Options);
        writer.Write(text.Length <= LongestResultText
            ? $"<details><summary>The result as JSON</summary><pre tabindex=\"0\">{Html.Text(text)}</pre></details>\n"
            : $"<p class=\"muted\">The whole result, {NumberText.Bytes(text.Length)} of JSON, is result.json in the run's folder.</p>\n");
    }
}
