using System.Runtime.InteropServices;
using Interp.Compute.Cuda;
using TorchSharp;

namespace Interp.Compute.Devices;

/// <summary>What this machine can compute on, and with which libraries.</summary>
public sealed record DeviceReport
{
    /// <summary>The device that <c>auto</c> means here ("cpu", "cuda:0").</summary>
    public required string Device { get; init; }

    /// <summary>Why no GPU is used, in one clause; null where one is.</summary>
    public required string? WhyNoGpu { get; init; }

    /// <summary>The folder of libtorch, or null where none was found.</summary>
    public required string? TorchFolder { get; init; }

    /// <summary>Its version as it tells it, or null where it does not.</summary>
    public required string? TorchVersion { get; init; }

    /// <summary>The CUDA version that libtorch was built with, or null for a CPU build.</summary>
    public required string? TorchCuda { get; init; }

    /// <summary>Why libtorch cannot be loaded, or null where it can.</summary>
    public required string? TorchProblem { get; init; }

    /// <summary>What was done to make TorchSharp's library load, or null.</summary>
    public required string? Mended { get; init; }

    /// <summary>The newest CUDA version that the driver supports, or null without a driver.</summary>
    public required string? DriverCuda { get; init; }

    /// <summary>The GPUs that the driver finds, used or not.</summary>
    public required IReadOnlyList<CudaDevice> Gpus { get; init; }

    /// <summary>The processor's cores.</summary>
    public required int Cores { get; init; }

    /// <summary>The machine's memory, or the limit set for this process, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The processor's architecture and the system.</summary>
    public required string System { get; init; }

    /// <summary>Looks. Loads libtorch, where there is one that fits.</summary>
    public static DeviceReport Create()
    {
        var (folder, problem) = Torch();
        var version = folder is null ? new TorchVersion(null, null) : Devices.TorchVersion.Read(folder);
        var hasCuda = problem is null && ComputeDevice.HasCuda;
        return new DeviceReport
        {
            Device = hasCuda ? "cuda:0" : "cpu",
            WhyNoGpu = hasCuda ? null : problem is null ? ComputeDevice.WhyNoCuda : CudaDevices.Problem ?? problem,
            TorchFolder = folder,
            TorchVersion = version.Version,
            TorchCuda = version.Cuda,
            TorchProblem = problem,
            Mended = TorchLibraries.Mended,
            DriverCuda = CudaDevices.DriverVersion,
            Gpus = CudaDevices.All(),
            Cores = Environment.ProcessorCount,
            MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            System = $"{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}, {RuntimeInformation.OSDescription}",
        };
    }

    private static (string? Folder, string? Problem) Torch()
    {
        string? folder = null;
        try
        {
            folder = TorchLibraries.Folder;
            TorchLibraries.Require();
            using var one = torch.ones(1);
            return (folder, null);
        }
        catch (Exception e) when (e is InterpException or TypeInitializationException or DllNotFoundException or NotSupportedException or BadImageFormatException)
        {
            return (folder, (e as InterpException ?? e.InnerException ?? e).Message.ReplaceLineEndings(" "));
        }
    }
}
