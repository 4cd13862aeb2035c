using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Interp.Compute.Devices;

/// <summary>
/// Finds and loads libtorch before TorchSharp needs it: the folder named by <see cref="Setting"/> if set, else the
/// <c>libtorch</c> folder beside the program. Where the host's libstdc++ is older than TorchSharp's native library
/// asks for, the program's own copy of that library is mended (see <see cref="TorchSharpLibrary"/>).
/// </summary>
public static class TorchLibraries
{
    /// <summary>
    /// Environment variable that names an existing libtorch folder, its <c>lib</c> folder, or a PyTorch package folder
    /// (<c>site-packages/torch</c>), to use instead of the libtorch shipped beside the program. It must be version 2.10.
    /// </summary>
    public const string Setting = "INTERP_LIBTORCH";

    /// <summary>Environment variable that, set to 1, lets a libtorch of another version be tried; what comes of it is not promised.</summary>
    public const string AnyVersionSetting = "INTERP_LIBTORCH_ANY_VERSION";

    // In the order of their dependencies; CUDA parts are absent from CPU builds.
    // Each finds the ones before it, and TorchSharp's library all of them, by their names among the libraries already loaded.
    private static readonly string[] s_libraries = ["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"];
    private static readonly Lock s_gate = new();
    private static bool s_registered;
    private static nint s_torchCpu;

    /// <summary>The folder libtorch is or would be loaded from, or null when none was found.</summary>
    public static string? Folder => FindFolder(Environment.GetEnvironmentVariable(Setting), AppContext.BaseDirectory);

    /// <summary>What was done to make TorchSharp's library load, or null when nothing was needed.</summary>
    public static string? Mended { get; private set; }

    /// <summary>Makes TorchSharp find its native libraries. Cheap and idempotent: nothing is loaded before it is needed.</summary>
    public static void Register()
    {
        lock (s_gate)
        {
            if (!s_registered)
            {
                AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
                s_registered = true;
            }
        }
    }

    /// <summary>The folder that holds the libtorch libraries, given the setting's value and the program's folder.</summary>
    /// <exception cref="InterpException">The setting names a folder without libtorch.</exception>
    internal static string? FindFolder(string? setting, string programFolder)
    {
        if (!string.IsNullOrWhiteSpace(setting))
        {
            string[] candidates = [setting, Path.Combine(setting, "lib"), Path.Combine(setting, "torch", "lib")];
            return Array.Find(candidates, HoldsLibTorch)
                ?? throw new InterpException($"{Setting}={setting} holds no {FileName("torch_cpu")}: name a libtorch 2.10 folder or a PyTorch package folder");
        }

        // The CUDA package's own rules put its parts where the runtime looks for native files.
        string[] own = [Path.Combine(programFolder, "libtorch"), Path.Combine(programFolder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"), programFolder];
        return Array.Find(own, HoldsLibTorch);
    }

    private static nint Resolve(Assembly assembly, string name)
    {
        // The handler runs after the ordinary search failed, so a libtorch on the system's own path still wins.
        switch (name)
        {
            case "torch_cpu" or "torch_cuda":
                lock (s_gate)
                {
                    if (s_torchCpu == 0 && Folder is { } folder)
                    {
                        Require();
                        LoadAll(folder);
                    }

                    return s_torchCpu;
                }

            case "LibTorchSharp":
                lock (s_gate)
                {
                    return TorchSharpLibrary.LoadMended(assembly, message =>
                    {
                        Mended = message;
                        Console.Error.WriteLine($"interp: {message}");
                    });
                }

            case Cuda.CudaDriver.Library when !OperatingSystem.IsWindows():
                return NativeLibrary.TryLoad(Cuda.CudaDriver.LinuxName, out var driver) ? driver : 0;

            default:
                return 0;
        }
    }

    /// <summary>
    /// Looks whether the folder that the setting names can be used, before anything of it is loaded: TorchSharp would hide the reason behind a
    /// page of its own. Programs call it when they start; it reads a small file at most.
    /// </summary>
    /// <exception cref="InterpException">The setting names no libtorch, or one of another version.</exception>
    public static void Require()
    {
        if (!string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(Setting)) && Folder is { } folder)
        {
            RequireVersion(folder, Environment.GetEnvironmentVariable(AnyVersionSetting) == "1");
        }
    }

    /// <summary>Refuses a libtorch that TorchSharp's native library was not built against: it would crash, or compute something else.</summary>
    /// <exception cref="InterpException">The folder says that it is another version.</exception>
    internal static void RequireVersion(string folder, bool takesAny)
    {
        var found = TorchVersion.Read(folder);
        if (!found.Fits && !takesAny)
        {
            throw new InterpException(
                $"{folder} holds libtorch {found.Version}, but this program needs {TorchVersion.Needed}: name a PyTorch or libtorch {TorchVersion.Needed} with {Setting}, or unset it");
        }
    }

    private static void LoadAll(string folder)
    {
        OpenMpWaiting.LimitSpinning();
        LargePages.Ask();
        foreach (var library in s_libraries)
        {
            var path = Path.Combine(folder, FileName(library));
            if (File.Exists(path))
            {
                var handle = NativeLibrary.Load(path);
                if (library == "torch_cpu")
                {
                    s_torchCpu = handle;
                }
            }
        }
    }

    private static bool HoldsLibTorch(string folder) => File.Exists(Path.Combine(folder, FileName("torch_cpu")));

    private static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";
}
