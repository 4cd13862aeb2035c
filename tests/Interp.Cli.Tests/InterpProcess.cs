using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Interp.Cli.Tests;

/// <summary>The real program in a process of its own.</summary>
internal static partial class InterpProcess
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
    /// <param name="Status">Its exit status.</param>
    /// <param name="Output">Its standard output.</param>
    /// <param name="Printed">All that it printed on standard error.</param>
    internal sealed partial record Finished(int Status, string Output, string Printed)
    {
        /// <summary>Standard error without what depends on the machine: lines of progress on a busy one, the mend of a library on an old one.</summary>
        public string Error { get; } = MachineLines().Replace(Printed, "");

        /// <summary>The only line of it.</summary>
        public string ErrorLine => Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        [GeneratedRegex(@"^(\d+% |interp: marked ).*\n", RegexOptions.Multiline)]
        private static partial Regex MachineLines();
    }
}
