using System.Diagnostics;

namespace Interp.Tests;

/// <summary>The browser that tests open pages with: an installed Chromium or Chrome, or the one that INTERP_BROWSER names.</summary>
internal static class Browser
{
    /// <summary>Switches for a browser that asks for nothing by itself.</summary>
    public static IReadOnlyList<string> QuietSwitches { get; } =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    /// <summary>The program's path, or null where there is none.</summary>
    public static string? Path { get; } = Find();

    /// <summary>Why a test that needs a browser is skipped.</summary>
    public const string Missing = "no chromium or chrome is installed, and INTERP_BROWSER names none";

    /// <summary>Opens a page without any network and returns its document after its scripts have run, as HTML.</summary>
    /// <param name="address">A <c>file://</c> address.</param>
    /// <param name="switches">More switches.</param>
    public static async Task<string> DocumentOf(string address, params IEnumerable<string> switches)
    {
        var profile = Directory.CreateTempSubdirectory("interp-browser-").FullName;
        try
        {
            string[] arguments =
            [
                .. QuietSwitches, .. switches, $"--user-data-dir={profile}", "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9",
                "--virtual-time-budget=30000", "--window-size=1280,1000", "--dump-dom", address,
            ];
            var start = new ProcessStartInfo(Path!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var browser = Process.Start(start)!;
            var errors = browser.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var document = await browser.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await browser.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(document.Length > 0, $"the browser wrote no document: {await errors}");
            return document;
        }
        finally
        {
            DeleteQuietly(profile);
        }
    }

    private static void DeleteQuietly(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A helper of the browser may still be writing there; it is in the system's temporary folder.
        }
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("INTERP_BROWSER") is { Length: > 0 } named)
        {
            return named;
        }

        string[] names = OperatingSystem.IsWindows() ? ["chrome.exe", "chromium.exe"] : ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return (from name in names from folder in folders select System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
