using System.Text.RegularExpressions;
using Interp.Compute;
using Interp.Workbench.Reports;
using Interp.Workbench.Workspace;

namespace Interp.Workbench.Tests.Reports;

public sealed partial class ReportWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_report_opened_from_disk_without_network_draws_every_point(bool heatMap)
    {
        Assert.SkipUnless(Browser.Path is not null, Browser.Missing);
        var path = Write(SampleRuns.Write(Store(), heatMap: heatMap), SampleRuns.Write(Store(), "Second"));

        var document = await Browser.DocumentOf(new Uri(path).AbsoluteUri);

        Assert.Contains("data-figures=\"drawn\"", document, StringComparison.Ordinal);
        Assert.Equal(2 * (SampleRuns.ScatterPoints + SampleRuns.Bars), DrawnPoint().Count(document));
        Assert.Equal(heatMap ? 1 : 0, DrawnMap().Count(document));
        Assert.DoesNotContain("class=\"plot failed\"", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markup_in_names_stays_text()
    {
        Assert.SkipUnless(Browser.Path is not null, Browser.Missing);
        var run = SampleRuns.Write(Store(), SampleRuns.Hostile, text: SampleRuns.Hostile);
        var path = _folder["report.html"];
        ReportWriter.Write(path, SampleRuns.Hostile, [run]);

        var document = await Browser.DocumentOf(new Uri(path).AbsoluteUri);

        Assert.DoesNotContain("<title>broken</title>", document, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", document, StringComparison.Ordinal);
        Assert.Equal(SampleRuns.ScatterPoints + SampleRuns.Bars, DrawnPoint().Count(document));
        Assert.Equal(3 + run.Figures.Count, ScriptEnd().Count(File.ReadAllText(path)));
    }

    [Fact]
    public void The_same_runs_give_the_same_bytes()
    {
        var run = SampleRuns.Write(Store(), heatMap: true);
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        ReportWriter.Write(first, "T", [run]);
        ReportWriter.Write(second, "T", [RunRecord.Open(run.Folder)]);
        Assert.Equal(first.ToArray(), second.ToArray());
    }

    [Fact]
    public void A_report_holds_the_numbers_the_settings_and_the_provenance()
    {
        var text = File.ReadAllText(Write(SampleRuns.Write(Store())));
        Assert.Contains("<td>0.1235</td>", text, StringComparison.Ordinal);
        Assert.Contains("100 numbers from 0 to 33", text, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">Seed</th><td>7</td>", text, StringComparison.Ordinal);
        Assert.Contains("TorchSharp 0.107.0", text, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", Markup(text), StringComparison.Ordinal);
        Assert.DoesNotContain("src=", Markup(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_part_of_plotly_that_the_figures_need_is_inside()
    {
        var small = new FileInfo(Write(SampleRuns.Write(Store()))).Length;
        var large = new FileInfo(Write(SampleRuns.Write(Store(), heatMap: true))).Length;
        Assert.True(small < 1_300_000, $"{small} bytes");
        Assert.True(large > 4_000_000, $"{large} bytes");
    }

    [Fact]
    public void A_damaged_run_is_told_of_as_far_as_it_can_be_read()
    {
        var run = SampleRuns.Write(Store());
        File.WriteAllText(Path.Combine(run.Folder, "figures.json"), "{");
        File.Delete(Path.Combine(run.Folder, "result.json"));
        var text = File.ReadAllText(Write(RunRecord.Open(run.Folder)));
        Assert.Contains("result.json is missing", text, StringComparison.Ordinal);
        Assert.Contains("figures.json cannot be read", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_cannot_be_written_says_so_and_leaves_nothing()
    {
        var run = SampleRuns.Write(Store());
        Directory.CreateDirectory(_folder["taken", "report.html"]);
        Assert.Contains("cannot be written", Assert.Throws<InterpException>(() => ReportWriter.Write(_folder["taken", "report.html"], "T", [run])).Message, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder["taken"]));
        Assert.Throws<InterpException>(() => ReportWriter.Write(_folder["none.html"], "T", []));
    }

    public void Dispose() => _folder.Dispose();

    private RunStore Store() => RunStore.Open(_folder["runs"]);

    private string Write(params RunRecord[] runs)
    {
        var path = _folder["out", "report.html"];
        ReportWriter.Write(path, "A report", runs);
        return path;
    }

    private static string Markup(string html) => ScriptBody().Replace(html, "");

    [GeneratedRegex("<path class=\"point\"|<g class=\"point\">")]
    private static partial Regex DrawnPoint();

    [GeneratedRegex("class=\"hm\"")]
    private static partial Regex DrawnMap();

    [GeneratedRegex("</script>", RegexOptions.IgnoreCase)]
    private static partial Regex ScriptEnd();

    [GeneratedRegex("<script.*?</script>", RegexOptions.Singleline)]
    private static partial Regex ScriptBody();
}
