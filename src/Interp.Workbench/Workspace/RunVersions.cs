using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Interp.Workbench.Workspace;

/// <summary>The versions of what computed a run.</summary>
/// <param name="Interp">This project.</param>
/// <param name="TorchSharp">The TorchSharp package.</param>
/// <param name="LibTorch">The libtorch that TorchSharp was built for.</param>
/// <param name="DotNet">The .NET runtime.</param>
/// <param name="Platform">Operating system and processor architecture ("linux-x64").</param>
public sealed record RunVersions(string Interp, string TorchSharp, string LibTorch, string DotNet, string Platform)
{
    /// <summary>The versions of this process.</summary>
    public static RunVersions Current { get; } = new(
        VersionOf(typeof(RunVersions)),
        VersionOf(typeof(torch)),
        torch.__version__,
        Environment.Version.ToString(),
        RuntimeInformation.RuntimeIdentifier);

    private static string VersionOf(Type type)
    {
        var text = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? type.Assembly.GetName().Version?.ToString()
            ?? "";
        return text.Split('+')[0];
    }
}
