using System.Runtime.InteropServices;

namespace Interp.Cli.Frame;

/// <summary>
/// Turns Ctrl-C and a request to end into a cancelled token; a second one ends the process at once. A file that outgrows the process's limit is an error
/// of the write, not the end of the process.
/// </summary>
internal sealed partial class StopSignals : IDisposable
{
    private const int InterruptNumber = 2;
    private const int FileTooLargeNumber = 25;
    private const int Ignore = 1;

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Starts listening.</summary>
    public StopSignals()
    {
        // Shells start background jobs with the interrupt ignored, which the runtime would respect; but a script that sends it
        // to this process means it.
        if (!OperatingSystem.IsWindows())
        {
            SetHandler(InterruptNumber, 0);
            SetHandler(FileTooLargeNumber, Ignore);
        }

        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        // What a second signal leaves half written is swept when its folder is opened next.
        context.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
