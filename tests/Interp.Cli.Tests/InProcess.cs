using Interp.Cli.Frame;

namespace Interp.Cli.Tests;

/// <summary>The program's own entry, called in this process: quick, with the same words and statuses.</summary>
internal static class InProcess
{
    public static InterpProcess.Finished Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var status = InterpProgram.Run(args, output, error, columns: null, CancellationToken.None);
        return new InterpProcess.Finished(status, output.ToString(), error.ToString());
    }
}
