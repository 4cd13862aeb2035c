using Microsoft.Playwright;

namespace Interp.Web.Tests.Browsing;

/// <summary>A page that notes what no page should do: ask another machine for something, or complain in the console.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    private readonly List<string> _complaints = [];

    private WatchedPage(IPage page) => Page = page;

    public IPage Page { get; }

    /// <summary>Requests to elsewhere, errors in the console, exceptions of scripts.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public static async Task<WatchedPage> Open(IBrowserContext context)
    {
        var watched = new WatchedPage(await context.NewPageAsync());
        await watched.Page.RouteAsync("**/*", async route =>
        {
            var uri = new Uri(route.Request.Url);
            if (uri.IsLoopback || uri.Scheme is "file" or "data" or "blob")
            {
                await route.ContinueAsync();
                return;
            }

            watched._complaints.Add($"request to {uri}");
            await route.AbortAsync();
        });
        watched.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                watched._complaints.Add($"{message.Type}: {message.Text}");
            }
        };
        watched.Page.PageError += (_, error) => watched._complaints.Add(error);
        return watched;
    }

    /// <summary>Goes to an address and waits until the page answers to clicks.</summary>
    public async Task GoTo(string address)
    {
        await Page.GotoAsync(address);
        await Page.WaitForFunctionAsync("() => document.documentElement.dataset.live === 'yes'");
    }

    /// <summary>The numbers of marks that plotly drew: points, bars, and heat maps.</summary>
    public async Task<(int Points, int Bars)> Drawn() =>
        (await Page.Locator(".scatterlayer .point").CountAsync(), await Page.Locator(".barlayer .point").CountAsync());

    public async ValueTask DisposeAsync() => await Page.CloseAsync();
}
