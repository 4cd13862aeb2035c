using System.Text.Json;
using Interp.Workbench.Jobs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Interp.Web.Tests.Browsing;

/// <summary>The one obvious button, on the shipped model.</summary>
public sealed class WholeLineTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const int LineMilliseconds = 600_000;

    [Fact]
    public async Task The_whole_line_of_the_shipped_model_ends_with_its_figures_and_a_report_that_opens_from_disk()
    {
        await using var watched = await browser.NewPage();
        await using var app = await RunningApp.Start(clockOnly: false);
        var page = watched.Page;
        await watched.GoTo(app.Address);
        await page.Locator("[data-model='clock-59']").GetByRole(AriaRole.Button, new() { Name = "Run the whole line" }).ClickAsync();
        await Expect(page.Locator("[data-state=done]")).ToBeVisibleAsync(new() { Timeout = LineMilliseconds });
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the result" }).ClickAsync();

        var runs = app.Workspace.Runs();
        var line = app.Workspace.OpenRun(Assert.Single(runs, run => run.Analysis == JobRequest.WholeLine).Id);
        var figures = line.Manifest.Runs.Select(app.Workspace.OpenRun).SelectMany(run => run.Figures).ToList();
        Assert.True(figures.Count >= 10, $"{figures.Count} figures");
        await Expect(page.Locator(".plot[data-state=drawn]")).ToHaveCountAsync(figures.Count);
        Assert.Equal(figures.Sum(figure => Bars(figure.Data)), (await watched.Drawn()).Bars);
        await Expect(page.GetByText("The model computes on").First).ToBeVisibleAsync();

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download the report" }).ClickAsync());
        var report = Path.Combine(app.Folder, "report.html");
        await download.SaveAsAsync(report);
        await page.GotoAsync(new Uri(report).AbsoluteUri);
        await Expect(page.Locator("html[data-figures=drawn]")).ToHaveCountAsync(1);
        await Expect(page.Locator(".plot.js-plotly-plot")).ToHaveCountAsync(figures.Count);
        Assert.Equal(figures.Sum(figure => Bars(figure.Data)), (await watched.Drawn()).Bars);
        Assert.Empty(watched.Complaints);
    }

    // The bars that a figure's data asks for; plotly draws none for a gap.
    private static int Bars(JsonElement traces) => traces.EnumerateArray()
        .Where(trace => trace.GetProperty("type").ValueEquals("bar"))
        .Sum(trace => trace.GetProperty("y").EnumerateArray().Count(value => value.ValueKind == JsonValueKind.Number));
}
