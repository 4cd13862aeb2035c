using System.CommandLine;
using Interp.Analysis;
using Interp.Compute;
using Interp.Compute.Devices;
using Interp.Compute.Options;

namespace Interp.Cli.Frame;

/// <summary>The program without its process: parses, runs the verb, and turns every end into an exit status.</summary>
internal static class InterpProgram
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="columns">The width of the terminal that standard error is, on which a bar can be drawn; null where it is none.</param>
    /// <param name="cancellation">Cancelled when the user stops the program.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, int? columns, CancellationToken cancellation)
    {
        var progress = new ProgressText(error, columns, TimeProvider.System);
        var parsed = VerbTree.Create(AnalysisCatalogue.All).Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        try
        {
            RunParsed(parsed, output, progress, cancellation);
            progress.Clear();
            output.Flush();
            return ExitCodes.Done;
        }
        catch (Exception e)
        {
            // The one place where failures end: each becomes a line and a status.
            var (line, status) = Describe(e, cancellation);
            progress.WriteLine($"interp: {line}");
            if (parsed.GetValue(CommonOptions.Verbose) && status == ExitCodes.Failed)
            {
                progress.WriteLine(e.ToString());
            }

            return status;
        }
    }

    private static void RunParsed(ParseResult parsed, TextWriter output, ProgressText progress, CancellationToken cancellation)
    {
        if (parsed.Action is { ClearsParseErrors: true })
        {
            // Help and version: asked for by themselves, whatever else is missing.
            parsed.Invoke(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
            return;
        }

        if (UsageText.Problem(parsed) is { } problem)
        {
            throw new UsageException(problem);
        }

        var verb = (Verb)parsed.CommandResult.Command;
        if (verb is not Verbs.InfoVerb)
        {
            TorchLibraries.Require();
        }

        verb.Run(new VerbContext(parsed, output, progress, progress.WriteLine, cancellation));
    }

    private static (string Line, int Status) Describe(Exception e, CancellationToken cancellation) => e switch
    {
        OperationCanceledException when cancellation.IsCancellationRequested =>
            ("cancelled: what was finished is kept, nothing half written is left", ExitCodes.Cancelled),
        UsageException or OptionException => (OneLine(e.Message), ExitCodes.WrongUsage),
        InterpException => (OneLine(e.Message), ExitCodes.Failed),
        IOException io when IsFull(io) => ($"the disk is full: {OneLine(io.Message)}: make room and run it again; what was finished before is kept", ExitCodes.Failed),
        IOException io when IsTooLarge(io) => ($"a file may not grow that large: {OneLine(io.Message)}: raise the limit (ulimit -f) or write to another disk, and run it again; what was finished before is kept", ExitCodes.Failed),
        IOException or UnauthorizedAccessException => ($"a file cannot be read or written: {OneLine(e.Message)}", ExitCodes.Failed),
        _ => ($"unexpected failure: {OneLine(e.Message)}: run it again with --verbose and report what it prints", ExitCodes.Failed),
    };

    // ENOSPC, and what Windows calls it.
    private static bool IsFull(IOException e) => e.HResult is 28 or unchecked((int)0x80070070) or unchecked((int)0x80070027);

    // EFBIG: over the process's limit, or what the file system can hold.
    private static bool IsTooLarge(IOException e) => e.HResult == 27;

    private static string OneLine(string message)
    {
        var end = message.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? message : message[..end];
    }
}
