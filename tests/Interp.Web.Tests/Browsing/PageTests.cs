using static Microsoft.Playwright.Assertions;

namespace Interp.Web.Tests.Browsing;

/// <summary>What holds for every page, in both themes.</summary>
public sealed class PageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    // Contrast of every visible text against the nearest ground behind it, as WCAG computes it; large text needs 3, other text 4.5.
    private const string WeakTexts = """
        () => {
          const parse = text => text.match(/[\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
          const ground = element => {
            for (let e = element; e; e = e.parentElement) {
              const colour = parse(getComputedStyle(e).backgroundColor);
              if (colour.length < 4 || colour[3] > .99) { return colour; }
            }
            return [255, 255, 255];
          };
          const weak = [];
          for (const element of document.querySelectorAll("body *")) {
            const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
            const box = element.getBoundingClientRect();
            if (!own || box.width < 2 || box.height < 2 || element.closest("svg, dialog:not([open])")) { continue; }
            const style = getComputedStyle(element);
            const [a, b] = [light(parse(style.color)), light(ground(element))].sort((x, y) => y - x);
            const size = parseFloat(style.fontSize);
            const needed = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
            if ((a + .05) / (b + .05) < needed) { weak.push(`${element.tagName} "${element.textContent.trim().slice(0, 40)}" ${((a + .05) / (b + .05)).toFixed(2)}`); }
          }
          return weak;
        }
        """;

    private const string Unnamed = """
        () => [...document.querySelectorAll("button, a[href], input, select, [role=img], [role=progressbar]")]
          .filter(e => !e.closest("dialog:not([open])"))
          .filter(e => !(e.getAttribute("aria-label") || e.textContent.trim() || (e.labels && e.labels.length)))
          .map(e => e.outerHTML.slice(0, 120))
        """;

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Every_page_is_whole_quiet_readable_and_named_in_both_themes(string theme)
    {
        await using var watched = await browser.NewPage();
        await using var app = await RunningApp.Start(clockOnly: false);
        var page = watched.Page;
        foreach (var path in (string[])["/", "/models", "/m/clock-59", "/analyses", "/analyses/capacity", "/analyses/analyze?model=clock-59", "/jobs", "/runs"])
        {
            await watched.GoTo($"{app.Address}{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}theme={theme}");
            await Expect(page.Locator("h1")).ToHaveCountAsync(1);
            await Expect(page.Locator("main")).ToHaveCountAsync(1);
            Assert.Equal(theme, await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
            Assert.Empty((await page.EvaluateAsync<string[]>(WeakTexts)).Select(weak => $"{path}: {weak}"));
            Assert.Empty((await page.EvaluateAsync<string[]>(Unnamed)).Select(unnamed => $"{path}: {unnamed}"));
            await page.SetViewportSizeAsync(320, 700);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= 321"), $"{path} is wider than a narrow window");
            await page.SetViewportSizeAsync(1280, 900);
        }

        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task The_keyboard_goes_everywhere()
    {
        await using var watched = await browser.NewPage();
        await using var app = await RunningApp.Start(clockOnly: true);
        var page = watched.Page;
        await watched.GoTo(app.Address);
        foreach (var (key, heading) in ((string, string)[])[("m", "Models"), ("a", "Analyses"), ("j", "Jobs"), ("r", "Runs"), ("h", "Interp")])
        {
            await page.Keyboard.PressAsync("g");
            await page.Keyboard.PressAsync(key);
            await Expect(page.Locator("h1")).ToHaveTextAsync(heading);
        }

        var before = await page.EvaluateAsync<string>("document.documentElement.dataset.theme");
        await page.Keyboard.PressAsync("d");
        Assert.NotEqual(before, await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        await page.Keyboard.PressAsync("d");
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#shortcut-help")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#shortcut-help")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Figures_take_the_colours_of_the_theme()
    {
        await using var watched = await browser.NewPage();
        await using var app = await RunningApp.Start(clockOnly: true);
        var page = watched.Page;
        await watched.GoTo(app.ClockForm(5, stepMilliseconds: 0) + "&theme=light");
        await page.Keyboard.PressAsync("Control+Enter");
        await page.GetByText("Open the result").ClickAsync();
        await Expect(page.Locator(".plot[data-state=drawn]")).ToHaveCountAsync(2);
        var light = await TickColour(page);
        await page.Keyboard.PressAsync("d");
        await Expect(page.Locator("html[data-theme=dark]")).ToHaveCountAsync(1);
        await page.WaitForFunctionAsync("before => getComputedStyle(document.querySelector('.xtick text')).fill !== before", light);
        Assert.Equal("rgb(228, 233, 240)", await TickColour(page));
    }

    [Fact]
    public async Task Bytes_that_are_not_there_are_not_found_and_other_names_of_this_machine_are_refused()
    {
        await using var app = await RunningApp.Start(clockOnly: true);
        using var client = new HttpClient { BaseAddress = new Uri(app.Address) };
        foreach (var path in (string[])["/runs/none/figures/x", "/runs/none/report.html", "/runs/..%2f..%2fetc/report.html", "/runs/none/result.json"])
        {
            Assert.Equal(404, (int)(await client.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = "elsewhere.example";
        Assert.Equal(400, (int)(await client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Contains("default-src 'none'", (await client.GetAsync("/", TestContext.Current.CancellationToken)).Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    private static Task<string> TickColour(Microsoft.Playwright.IPage page) =>
        page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.xtick text')).fill");
}
