using System.Globalization;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Interp.Web.Tests.Browsing;

/// <summary>The app as a person uses it, in a browser.</summary>
public sealed class WalkTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const int Points = 40;
    private const int Bars = 12;

    [Fact]
    public async Task A_job_shows_its_progress_its_figures_are_drawn_and_its_report_opens_from_disk()
    {
        await using var watched = await browser.NewPage();
        await using var app = await RunningApp.Start(clockOnly: true);
        var page = watched.Page;
        await watched.GoTo(app.ClockForm(Points, stepMilliseconds: 60));
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();

        var seen = await Progress(page);
        Assert.True(seen.Count >= 2, $"progress values seen: {string.Join(", ", seen)}");
        Assert.Equal(seen.Order(), seen);

        await page.GetByRole(AriaRole.Link, new() { Name = "Open the result" }).ClickAsync();
        await Expect(page.Locator(".plot[data-state=drawn]")).ToHaveCountAsync(2);
        Assert.Equal((Points, Bars), await watched.Drawn());

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download the report" }).ClickAsync());
        var report = Path.Combine(app.Folder, "report.html");
        await download.SaveAsAsync(report);
        await page.GotoAsync(new Uri(report).AbsoluteUri);
        await Expect(page.Locator("html[data-figures=drawn]")).ToHaveCountAsync(1);
        Assert.Equal((Points, Bars), await watched.Drawn());
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task A_cancelled_job_leaves_the_app_usable()
    {
        await using var watched = await browser.NewPage();
        await using var app = await RunningApp.Start(clockOnly: true);
        var page = watched.Page;
        await watched.GoTo(app.ClockForm(10_000, stepMilliseconds: 100));
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("[data-state=running]")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.Locator("[data-state=cancelled]")).ToBeVisibleAsync();
        Assert.Empty(app.Workspace.Runs());

        await watched.GoTo(app.ClockForm(5, stepMilliseconds: 0));
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Expect(page.Locator("[data-state=done]")).ToBeVisibleAsync();
        Assert.Single(app.Workspace.Runs());
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Progress_goes_on_after_the_page_is_loaded_again()
    {
        await using var watched = await browser.NewPage();
        await using var app = await RunningApp.Start(clockOnly: true);
        var page = watched.Page;
        await watched.GoTo(app.ClockForm(Points, stepMilliseconds: 60));
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await Expect(page.Locator("[data-state=running]")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(page.Locator("[data-state=done]")).ToBeVisibleAsync();
    }

    // The different percentages that the page shows until the job is done.
    private static async Task<List<int>> Progress(IPage page)
    {
        var seen = new List<int>();
        while (await page.Locator("[data-state=done]").CountAsync() == 0)
        {
            var texts = await page.Locator(".percent").AllTextContentsAsync();
            if (texts is [{ Length: > 0 } text] && int.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture) is var percent && !seen.Contains(percent))
            {
                seen.Add(percent);
            }

            Assert.Equal(0, await page.Locator("[data-state=failed]").CountAsync());
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return seen;
    }
}
