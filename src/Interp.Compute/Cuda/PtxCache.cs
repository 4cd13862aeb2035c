using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Interp.Compute.Kernels.Lanes;

namespace Interp.Compute.Cuda;

/// <summary>Kernels in C# compiled to PTX, kept on disk by a hash of the kernel, the architecture and ILGPU's version.</summary>
internal static class PtxCache
{
    /// <summary>ILGPU writes nothing newer; the driver compiles it onwards.</summary>
    private static readonly CudaInstructionSet s_instructions = CudaInstructionSet.ISA_80;

    /// <summary>Where compiled kernels are kept.</summary>
    public static string Folder { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "interp", "ptx");

    /// <summary>A kernel's PTX, from the disk or compiled now.</summary>
    /// <param name="kernel">A static method; with a first parameter <see cref="Index1D"/> implicitly grouped, else explicitly.</param>
    /// <param name="major">The compute capability's major number; at least 8 is compiled for as 8.0.</param>
    /// <param name="minor">The minor number.</param>
    /// <param name="folder">Where to look and keep; null for <see cref="Folder"/>.</param>
    public static string Get(MethodInfo kernel, int major, int minor, string? folder = null)
    {
        var path = Path.Combine(folder ?? Folder, Key(kernel, major, minor) + ".ptx");
        if (TryRead(path) is { } kept)
        {
            return kept;
        }

        var ptx = Compile(kernel, major, minor);
        TryKeep(path, ptx);
        return ptx;
    }

    /// <summary>Compiles a kernel.</summary>
    public static string Compile(MethodInfo kernel, int major, int minor)
    {
        var architecture = new CudaArchitecture(major, minor);
        using var context = Context.Create(builder => builder.CPU().Optimize(OptimizationLevel.O2));
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, s_instructions, nvvmAPI: null);
        var entry = IsImplicit(kernel) ? EntryPointDescription.FromImplicitlyGroupedKernel(kernel) : EntryPointDescription.FromExplicitlyGroupedKernel(kernel);
        return ((PTXCompiledKernel)backend.Compile(entry, default(KernelSpecialization))).PTXAssembly;
    }

    /// <summary>Whether a kernel's first parameter is its thread's number.</summary>
    public static bool IsImplicit(MethodInfo kernel) => kernel.GetParameters() is [var first, ..] && first.ParameterType == typeof(Index1D);

    /// <summary>The name of a kernel's file. The module's identity is a hash of its whole code, so that a change in what the kernel calls shows too.</summary>
    internal static string Key(MethodInfo kernel, int major, int minor)
    {
        var code = kernel.GetMethodBody()?.GetILAsByteArray() ?? [];
        var identity = $"{kernel.DeclaringType!.Namespace}.{KernelMethods.NameOf(kernel)}|{kernel.Module.ModuleVersionId}|{major}.{minor}|{s_instructions}|{typeof(Context).Assembly.GetName().Version}|";
        return Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(identity), .. code]))[..32];
    }

    private static string? TryRead(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadAllText(path) is { } text && text.Contains(".entry", StringComparison.Ordinal) ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A cache that cannot be written costs a second, no more.
    private static void TryKeep(string path, string ptx)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
            File.WriteAllText(temporary, ptx);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
