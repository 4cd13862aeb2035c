using System.Runtime.InteropServices;

namespace Interp.Compute.Devices;

/// <summary>The C library's heap, from which libtorch takes tensors on the CPU.</summary>
public static partial class NativeHeap
{
    private static readonly bool s_canTrim = OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "malloc_trim", out _);

    /// <summary>
    /// Gives freed memory back to the system, where the C library knows how (glibc). It would keep what each thread has freed, between blocks still in use, so that
    /// a long run with tensors of changing sizes grows although it holds no more. Costs milliseconds: for seconds of work, not for every step.
    /// </summary>
    public static void Trim()
    {
        if (s_canTrim)
        {
            _ = MallocTrim(0);
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint padding);
}
