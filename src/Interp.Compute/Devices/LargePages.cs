using System.Runtime.InteropServices;

namespace Interp.Compute.Devices;

/// <summary>
/// Large tensors on large pages. A new tensor's memory is handed out by the kernel page by page as it is first touched; in pages of
/// 4 kB that costs about as long as filling it does. libtorch asks for 2 MB pages, for tensors of at least that size, when its
/// variable is set before it is loaded; where the kernel has none to give, it falls back to small ones.
/// </summary>
internal static partial class LargePages
{
    private const string Variable = "THP_MEM_ALLOC_ENABLE";

    /// <summary>Asks for large pages, on Linux, unless the environment says something about them already.</summary>
    public static void Ask()
    {
        if (OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(Variable) is null)
        {
            // .NET keeps its own copy of the environment; libtorch reads the process's.
            _ = SetEnvironmentVariable(Variable, "1", 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
