using System.Diagnostics;
using System.Globalization;

namespace Interp.Cli.Tests;

/// <summary>The real program in a process of its own.</summary>
internal static class InterpProcess
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(8);

    /// <summary>Runs a command line to its end, in a workspace of its own.</summary>
    public static async Task<Finished> Run(string workspace, params string[] args)
    {
        using var process = Start(workspace, args);
        return await Finish(process);
    }

    /// <summary>Starts a command line, in a workspace of its own.</summary>
    public static Process Start(string workspace, params string[] args) => Process.Start(StartInfo(workspace, args))!;

    /// <summary>How a command line is started, in a workspace of its own.</summary>
    public static ProcessStartInfo StartInfo(string workspace, params string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "interp.dll"));
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        start.Environment["INTERP_WORKSPACE"] = workspace;
        return start;
    }

    /// <summary>Waits for the end of a process and gives all that it printed.</summary>
    public static async Task<Finished> Finish(Process process)
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return new Finished(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Sends what Ctrl-C sends.</summary>
    public static void Interrupt(Process process)
    {
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>How a process ended.</summary>
    internal sealed record Finished(int Status, string Output, string Error)
    {
        /// <summary>The only line on standard error, but for the remark that libtorch was made to load on an old system.</summary>
        public string ErrorLine =>
            Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => !line.StartsWith("interp: marked ", StringComparison.Ordinal));
    }
}
