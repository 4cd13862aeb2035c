using Interp.Compute;
using Interp.Workbench.Workspace;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Interp.Web.Hosting;

/// <summary>Starts the app: <c>--urls</c> for another address, <c>--workspace DIR</c> for another workspace.</summary>
public static class WebProgram
{
    /// <summary>Where the app listens unless told otherwise: this machine only.</summary>
    public const string DefaultAddress = "http://127.0.0.1:5127";

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="args">The command line.</param>
    /// <returns>The exit status: 0, or 1 after a failure that was told in one line.</returns>
    public static async Task<int> Run(string[] args)
    {
        try
        {
            Compute.Devices.TorchLibraries.Require();
            await using var app = Build(args);

            // Opened now, so that a folder that will not do is told here and not on the first page.
            _ = app.Services.GetRequiredService<LabWorkspace>();
            app.Lifetime.ApplicationStarted.Register(() => Announce(app));
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is InterpException or IOException)
        {
            await Console.Error.WriteLineAsync($"interp-web: {Mend(e)}");
            return 1;
        }
    }

    /// <summary>The app, not yet started.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="change">Changes the services before the app is built.</param>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? change = null)
    {
        // The folder of the program, not the one it is called from: pages and assets are found wherever it is started.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory, ApplicationName = "Interp.Web" });
        builder.WebHost.UseStaticWebAssets();
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]) && string.IsNullOrEmpty(builder.Configuration["http_ports"]))
        {
            builder.WebHost.UseUrls(DefaultAddress);
        }

        // A start that fails is told in one line by the caller.
        builder.Logging.SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddWorkbench(builder.Configuration["workspace"]);
        change?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseMiddleware<LocalPages>();
        app.UseStatusCodePagesWithReExecute("/not-found");
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapWorkbench();
        return app;
    }

    private static void Announce(WebApplication app)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var address in addresses)
        {
            Console.WriteLine($"Interp is ready: open {address} in a browser. Ctrl-C stops it.");
            if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && !uri.IsLoopback)
            {
                Console.Error.WriteLine($"interp-web: {address} can be reached from other machines, and nobody is asked for a password: use {DefaultAddress} unless the network is yours");
            }
        }
    }

    private static string Mend(Exception e) =>
        e is IOException && e.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase)
            ? $"{e.Message.ReplaceLineEndings(" ").TrimEnd('.')}: another program listens there; choose another with --urls http://127.0.0.1:5128"
            : e.Message.ReplaceLineEndings(" ");
}
