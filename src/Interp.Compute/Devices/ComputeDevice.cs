using System.Globalization;
using Interp.Compute.Cuda;
using TorchSharp;

namespace Interp.Compute.Devices;

/// <summary>Which device computes, as the user names it: <c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
public static class ComputeDevice
{
    /// <summary>The device for a name; <c>auto</c> is CUDA where it works, else the CPU.</summary>
    /// <exception cref="InterpException">The name is unknown, or that device is not there.</exception>
    public static torch.Device Parse(string name)
    {
        switch (name.ToLowerInvariant())
        {
            case "cpu":
                return torch.CPU;
            case "auto":
                return HasCuda ? torch.device(DeviceType.CUDA, 0) : torch.CPU;
            case var text when text == "cuda" || text.StartsWith("cuda:", StringComparison.Ordinal):
                var index = 0;
                if (text.Length > 5 && !int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out index))
                {
                    break;
                }

                return HasCuda && index < torch.cuda.device_count()
                    ? torch.device(DeviceType.CUDA, index)
                    : throw new InterpException($"device {name} is not available: {WhyNoCuda}; use --device cpu");
        }

        throw new InterpException($"unknown device {name}: use auto, cpu, cuda or cuda:N");
    }

    /// <summary>Whether this libtorch can compute on a CUDA GPU here.</summary>
    public static bool HasCuda { get; } = HasCudaLibraries() && torch.cuda.is_available();

    /// <summary>One clause that says why no CUDA GPU is used, or that one is.</summary>
    public static string WhyNoCuda =>
        HasCuda ? "a CUDA GPU is in use"
        : CudaDevices.Problem is { } problem ? problem
        : HasCudaLibraries() ? "libtorch has CUDA but cannot use the GPU that the driver finds (its CUDA version may be too new for the driver)"
        : $"this libtorch is built for the CPU (point {TorchLibraries.Setting} to a CUDA build)";

    private static bool HasCudaLibraries() =>
        TorchLibraries.Folder is { } folder && Directory.EnumerateFiles(folder, "*torch_cuda*").Any();
}
