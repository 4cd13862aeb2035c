using System.Globalization;
using Interp.Workbench.Reports.Findings;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Reports;

/// <summary>The page of a report: what was found, then one section a run, then how it was made.</summary>
internal sealed class ReportPage(TextWriter writer, string title, IReadOnlyList<RunRecord> runs)
{
    private readonly IReadOnlyList<ReportRun> _runs = [.. runs.Select((run, number) => new ReportRun(run, $"run-{number + 1}"))];

    public void Write()
    {
        WriteHead();
        writer.Write("<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<div class=\"page\">\n");
        WriteHeader();
        WriteContents();
        writer.Write("<main id=\"main\">\n");
        WriteFindings();
        foreach (var run in _runs)
        {
            new RunSection(writer, run).Write();
        }

        ProvenanceTable.Write(writer, runs);
        writer.Write("</main>\n");
        writer.Write($"<footer>Written by Interp {Html.Text(Versions?.Interp)}. This file is complete: it loads nothing from elsewhere.</footer>\n</div>\n");
        WriteScripts();
        writer.Write("</body>\n</html>\n");
    }

    private RunVersions? Versions => runs.Select(run => run.Manifest.Versions).FirstOrDefault(versions => versions is not null);

    private string PlotlyScript => runs.SelectMany(run => run.Figures).All(figure => ReportAssets.IsBasic(figure.Data)) ? ReportAssets.PlotlyBasic : ReportAssets.Plotly;

    private bool HasFigures => runs.Any(run => run.Figures.Count > 0);

    private void WriteHead()
    {
        // Scripts are named by their hashes: text that slipped in as markup could still not run. plotly's WebGL traces compile
        // their drawing code while they run, which is what unsafe-eval is for.
        var isWebGl = runs.SelectMany(run => run.Figures).Any(figure => ReportAssets.IsWebGl(figure.Data));
        var scripts = HasFigures
            ? $"{ReportAssets.PolicyHash(PlotlyScript)} {ReportAssets.PolicyHash(ReportAssets.Figures)} {ReportAssets.PolicyHash(ReportAssets.Script)}{(isWebGl ? " 'unsafe-eval'" : "")}"
            : "'none'";
        writer.Write("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        writer.Write($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'\">\n");
        writer.Write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
        writer.Write($"<title>{Html.Text(title)}</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n{ReportAssets.Style}</style>\n</head>\n");
    }

    private void WriteHeader()
    {
        var models = runs.Select(run => run.Manifest.Sources.Model).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var first = runs.Min(run => run.Manifest.StartedUtc);
        string[] parts =
        [
            .. models.Select(model => $"model {model}"),
            runs.Count == 1 ? "one run" : $"{runs.Count} runs",
            string.Create(CultureInfo.InvariantCulture, $"{first.UtcDateTime:yyyy-MM-dd HH:mm} UTC"),
        ];
        writer.Write($"<header class=\"top\"><h1>{Html.Text(title)}</h1><p>{Html.Text(string.Join(" · ", parts))}</p></header>\n");
    }

    private void WriteContents()
    {
        writer.Write("<nav aria-labelledby=\"contents\"><h2 id=\"contents\">Contents</h2><ol>\n<li><a href=\"#found\">What was found</a></li>\n");
        foreach (var run in _runs)
        {
            writer.Write($"<li><a href=\"#{run.Anchor}\">{Html.Text(run.Heading)}</a>");
            if (run.Record.Figures.Count > 0)
            {
                writer.Write($"<ol>{string.Concat(run.Record.Figures.Select((figure, number) => $"<li><a href=\"#{run.FigureAnchor(number)}\">{Html.Text(figure.Title)}</a></li>"))}</ol>");
            }

            writer.Write("</li>\n");
        }

        writer.Write("<li><a href=\"#provenance\">How it was made</a></li>\n</ol></nav>\n");
    }

    private void WriteFindings()
    {
        writer.Write("<section id=\"found\" aria-labelledby=\"found-heading\"><h2 id=\"found-heading\">What was found</h2>\n");
        var findings = FindingList.Of(runs).Select(found => (Run: _runs.First(run => run.Record == found.Run), found.Finding)).ToList();
        if (findings.Count == 0)
        {
            writer.Write("<p>No finding is put into words for these runs: their numbers and figures follow.</p>\n");
        }
        else
        {
            writer.Write("<ul class=\"findings\">\n");
            foreach (var (run, finding) in findings)
            {
                writer.Write($"<li><p>{Html.Text(finding.Text)}</p>");
                writer.Write(finding.Caveat.Length > 0 ? $"<p class=\"caveat\">{Html.Text(finding.Caveat)}</p>" : "");
                writer.Write($"<p class=\"source\"><a href=\"#{run.Anchor}\">{Html.Text(run.Heading)}</a></p></li>\n");
            }

            writer.Write("</ul>\n");
        }

        writer.Write("</section>\n");
    }

    private void WriteScripts()
    {
        if (HasFigures)
        {
            writer.Write($"<script>{PlotlyScript}</script>\n<script>{ReportAssets.Figures}</script>\n<script>{ReportAssets.Script}</script>\n");
        }
    }
}
