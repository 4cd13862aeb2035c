using System.Runtime.InteropServices;
using System.Text;

namespace Interp.Compute.Devices;

/// <summary>The C++ runtime library that this process would use on Linux.</summary>
internal static class HostCxxRuntime
{
    private const string FileName = "libstdc++.so.6";

    /// <summary>Whether the host's libstdc++ defines <paramref name="version"/>; null when no libstdc++ was found.</summary>
    public static bool? Defines(string version)
    {
        if (Locate() is not { } path)
        {
            return null;
        }

        ReadOnlySpan<byte> image = File.ReadAllBytes(path);
        var name = Encoding.ASCII.GetBytes($"\0{version}\0");
        return image.IndexOf(name) >= 0;
    }

    /// <summary>The path of the libstdc++ that the loader chose, or null.</summary>
    public static string? Locate()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad(FileName, out _))
        {
            return null;
        }

        // The loader has decided by now; the process map says which file it took.
        return File.ReadLines("/proc/self/maps")
            .Where(line => line.Contains(FileName, StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..])
            .FirstOrDefault(File.Exists);
    }
}
