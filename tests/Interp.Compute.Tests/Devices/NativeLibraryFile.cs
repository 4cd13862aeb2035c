using System.Reflection;
using System.Runtime.InteropServices;

namespace Interp.Compute.Tests.Devices;

/// <summary>TorchSharp's Linux library as the package ships it, and temporary copies of it.</summary>
internal static partial class NativeLibraryFile
{
    public static string Original { get; } = Path.Combine(
        typeof(NativeLibraryFile).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "TorchSharpPackage").Value!,
        "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    public static byte[] Read() => File.ReadAllBytes(Original);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int HardLink(string existing, string added);
}
