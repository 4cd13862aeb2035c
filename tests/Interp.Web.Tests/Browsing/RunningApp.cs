using Interp.Web.Hosting;
using Interp.Web.ViewModels;
using Interp.Workbench.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Interp.Web.Tests.Browsing;

/// <summary>The app on a free port, over an empty workspace; with the clock as its only analysis, or with all of them.</summary>
internal sealed class RunningApp : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;

    private RunningApp(TemporaryFolder folder, WebApplication app)
    {
        _folder = folder;
        _app = app;
        Address = app.Urls.Single();
    }

    public string Address { get; }

    public LabWorkspace Workspace => _app.Services.GetRequiredService<LabWorkspace>();

    public string Folder => _folder.Path;

    public static async Task<RunningApp> Start(bool clockOnly)
    {
        var folder = new TemporaryFolder();
        var app = WebProgram.Build(["--urls", "http://127.0.0.1:0", "--workspace", folder["workspace"]], services =>
        {
            services.Configure<LoggerFilterOptions>(options => options.Rules.Clear());
            if (clockOnly)
            {
                services.AddSingleton(provider => Bench.QueueOf(provider.GetRequiredService<LabWorkspace>()));
                services.AddSingleton(new AnalysisList([ClockAnalysis.Entry]));
            }
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningApp(folder, app);
    }

    /// <summary>An address of the clock's form, filled in.</summary>
    public string ClockForm(int points, int stepMilliseconds) =>
        $"{Address}/analyses/clock?text={Uri.EscapeDataString(typeof(RunningApp).Assembly.Location)}&points={points}&step-milliseconds={stepMilliseconds}";

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
