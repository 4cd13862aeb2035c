using System.Runtime.InteropServices;
using Interp.Compute.Devices;
using TorchSharp;

namespace Interp.Tests;

/// <summary>
/// A device that is not the CPU, for tests that must not mix devices: the GPU where there is one, else libtorch's lazy device, which
/// records operations and computes them on the CPU when a value is read. It has every operation and real values, refuses most tensors of
/// another device, and its memory cannot be read in place.
/// </summary>
/// <remarks>
/// It lets pass what has no lowering of its own there and meets a tensor of the CPU (<c>where</c>, and indexing, which CUDA allows too); its
/// matrix products refuse by ending the process, as TorchSharp 0.107 catches no exception of theirs.
/// </remarks>
internal static partial class OtherDevice
{
    private const DeviceType Lazy = (DeviceType)17; // c10::DeviceType::Lazy, which TorchSharp has no name for

    private static readonly Lazy<torch.Device?> s_device = new(Find);

    private delegate void Start();

    private delegate nint Flag();

    /// <summary>The device; skips the test on systems where there is none.</summary>
    public static torch.Device Require()
    {
        Assert.SkipUnless(s_device.Value is not null, "this libtorch has neither a GPU nor the lazy device");
        return s_device.Value!;
    }

    /// <summary>
    /// Values on the CPU as float64, in the current dispose scope. They come as one tensor, as the lazy device computes everything that a
    /// value depends on anew for each that is read.
    /// </summary>
    public static IReadOnlyList<torch.Tensor> Bring(IReadOnlyList<torch.Tensor> values)
    {
        using var none = torch.no_grad();
        var flat = torch.cat([.. values.Select(value => value.detach().to(torch.ScalarType.Float64).flatten())], 0).cpu();
        var parts = flat.split([.. values.Select(value => value.numel())]);
        return [.. values.Select((value, i) => parts[i].view(value.shape))];
    }

    private static torch.Device? Find()
    {
        if (ComputeDevice.HasCuda)
        {
            return torch.device(DeviceType.CUDA, 0);
        }

        using var one = torch.ones(1); // libtorch is loaded now
        if (!OperatingSystem.IsLinux() || TorchLibraries.Folder is not { } folder)
        {
            return null;
        }

        var library = NativeLibrary.Load(Path.Combine(folder, "libtorch_cpu.so"));
        if (!NativeLibrary.TryGetExport(library, "_ZN5torch4lazy22InitTorchScriptBackendEv", out var start))
        {
            return null;
        }

        // Operations in place are tried on tensors without data first, which this build has no kernels for.
        _ = SetEnvironmentVariable("TORCH_DISABLE_FUNCTIONALIZATION_META_REFERENCE", "1", 1);

        // Every graph runs once: what is spent on making it faster is lost.
        foreach (var mode in new[] { "_ZN5torch3jit15getExecutorModeEv", "_ZN5torch3jit16getProfilingModeEv" })
        {
            if (NativeLibrary.TryGetExport(library, mode, out var flag))
            {
                Marshal.WriteByte(Marshal.GetDelegateForFunctionPointer<Flag>(flag)(), 0);
            }
        }

        Marshal.GetDelegateForFunctionPointer<Start>(start)();
        return new torch.Device(Lazy, 0);
    }

    // .NET keeps its own copy of the environment; libtorch reads the process's.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
