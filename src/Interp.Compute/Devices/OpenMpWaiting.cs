using System.Runtime.InteropServices;

namespace Interp.Compute.Devices;

/// <summary>
/// How long libtorch's threads spin while they wait for each other. GNU OpenMP's own choice is milliseconds, during which a
/// waiting thread keeps the core from the one it waits for wherever there are more busy threads than cores. The limit set here
/// is tens of microseconds: long enough for operations that follow each other closely. It must be set before libtorch is loaded.
/// </summary>
internal static partial class OpenMpWaiting
{
    private const string SpinCount = "GOMP_SPINCOUNT";
    private const string Policy = "OMP_WAIT_POLICY";
    private const string Limit = "1000";

    /// <summary>Sets the limit, on Linux, unless the environment says something about waiting already.</summary>
    public static void LimitSpinning()
    {
        if (OperatingSystem.IsLinux() && !IsSet(SpinCount) && !IsSet(Policy))
        {
            // .NET keeps its own copy of the environment; libgomp reads the process's.
            _ = SetEnvironmentVariable(SpinCount, Limit, 0);
        }
    }

    private static bool IsSet(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
