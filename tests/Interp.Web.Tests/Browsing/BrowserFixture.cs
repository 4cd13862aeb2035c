using Microsoft.Playwright;

namespace Interp.Web.Tests.Browsing;

/// <summary>One browser for all tests: the installed one, else the one that Playwright can install, else none and the reason.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    // A machine that builds meanwhile may be slow; a page that never does what is expected is told of all the same.
    private const int PatienceMilliseconds = 30_000;

    private readonly TemporaryFolder _profile = new();
    private IPlaywright? _playwright;
    private IBrowserContext? _context;

    /// <summary>Why there is no browser, or null.</summary>
    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var path = Browser.Path;
        if (path is null && Microsoft.Playwright.Program.Main(["install", "chromium"]) != 0)
        {
            Missing = $"{Browser.Missing}, and none could be installed";
            return;
        }

        Assertions.SetDefaultExpectTimeout(PatienceMilliseconds);
        _playwright = await Playwright.CreateAsync();
        _context = await _playwright.Chromium.LaunchPersistentContextAsync(_profile.Path, new()
        {
            ExecutablePath = path,
            Headless = true,
            Args = Browser.QuietSwitches,
            AcceptDownloads = true,
            ViewportSize = new() { Width = 1280, Height = 900 },
        });
    }

    /// <summary>A new page; skips the test where there is no browser.</summary>
    public async Task<WatchedPage> NewPage()
    {
        Assert.SkipWhen(Missing is not null, Missing ?? "");
        return await WatchedPage.Open(_context!);
    }

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
        {
            await _context.CloseAsync();
        }

        _playwright?.Dispose();
        _profile.Dispose();
    }
}
