using System.Runtime.InteropServices;
using System.Text;
using Interp.Cli.Frame;

var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = false, NewLine = "\n" };
using var stop = new CancellationTokenSource();

// The first signal asks for a clean stop; a second one ends the process at once, and what it was writing is swept later.
void Stop(PosixSignalContext context)
{
    context.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return InterpProgram.Run(args, output, Console.Error, !Console.IsErrorRedirected, stop.Token);
