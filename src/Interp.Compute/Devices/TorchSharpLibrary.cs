using System.Reflection;
using System.Runtime.InteropServices;

namespace Interp.Compute.Devices;

/// <summary>
/// The program's own copy of TorchSharp's native library. TorchSharp 0.107.0 was linked against a libstdc++ that defines
/// <c>GLIBCXX_3.4.32</c>; the only symbol of that version, <c>_ZSt21ios_base_library_initv</c>, is used by no relocation,
/// so on hosts without it (Debian 12, Ubuntu 22.04) the need is marked weak and the library loads and runs right.
/// </summary>
internal static class TorchSharpLibrary
{
    /// <summary>The version that older hosts lack.</summary>
    internal const string MissingVersion = "GLIBCXX_3.4.32";

    private const string FileName = "libLibTorchSharp.so";

    /// <summary>Mends the copy beside the program if that is what stops it from loading, and loads it.</summary>
    /// <returns>The library's handle, or 0 when the cause is something else.</returns>
    public static nint LoadMended(Assembly assembly, Action<string> log)
    {
        if (!OperatingSystem.IsLinux() || HostCxxRuntime.Defines(MissingVersion) != false || Locate(assembly) is not { } path)
        {
            return 0;
        }

        return NativeLibrary.TryLoad(Mend(path, log), out var handle) ? handle : 0;
    }

    /// <summary>
    /// Writes the mended library over <paramref name="path"/>, or into the user's cache when that folder is read-only or is
    /// the package cache. The file is replaced by rename, so a hard link to the package cache is broken and not written through.
    /// </summary>
    /// <returns>The path of a library that loads.</returns>
    internal static string Mend(string path, Action<string> log)
    {
        var image = File.ReadAllBytes(path);
        if (!ElfVersionNeeds.MarkWeak(image, MissingVersion))
        {
            return path;
        }

        var target = IsInPackageCache(path) || !TryReplace(path, image, File.GetLastWriteTimeUtc(path)) ? WriteToUserCache(image) : path;
        log($"marked {MissingVersion} as optional in {target}, because this system's {HostCxxRuntime.Locate() ?? "libstdc++"} does not define it");
        return target;
    }

    private static string? Locate(Assembly assembly)
    {
        string?[] folders =
        [
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"),
            Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"),
            Path.GetDirectoryName(assembly.Location),
            // Scripts and notebooks load TorchSharp.dll straight from the package: lib/net8.0 -> runtimes/linux-x64/native.
            Path.Combine(Path.GetDirectoryName(assembly.Location) ?? "", "..", "..", "runtimes", "linux-x64", "native"),
        ];
        return folders.OfType<string>().Select(folder => Path.Combine(folder, FileName)).FirstOrDefault(File.Exists);
    }

    private static bool IsInPackageCache(string path)
    {
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return Path.GetFullPath(path).StartsWith(Path.GetFullPath(cache) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private static bool TryReplace(string path, byte[] image, DateTime timestamp)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(temporary, image);
            // The original's time keeps incremental builds from copying the unmended file over this one.
            File.SetLastWriteTimeUtc(temporary, timestamp);
            File.Move(temporary, path, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return false;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static string WriteToUserCache(byte[] image)
    {
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(image))[..16];
        var folder = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "interp", "native", hash);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path) && !TryReplace(path, image, DateTime.UtcNow))
        {
            throw new InterpException($"cannot write {path}: make that folder writable, or the program's own folder");
        }

        return path;
    }
}
