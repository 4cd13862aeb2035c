using System.Text;

namespace Interp.Compute.Cuda;

/// <summary>The GPUs of this machine, asked of the driver; no library but the driver's is needed.</summary>
public static class CudaDevices
{
    private const int MultiprocessorCount = 16;
    private const int CapabilityMajor = 75;
    private const int CapabilityMinor = 76;

    /// <summary>Why there are none, in one clause; null when there are some.</summary>
    public static string? Problem => CudaDriver.Problem;

    /// <summary>The newest CUDA version that the driver supports ("13.0"); null without a driver.</summary>
    public static string? DriverVersion =>
        Problem is null && CudaDriver.DriverGetVersion(out var version) == 0 ? $"{version / 1000}.{version % 1000 / 10}" : null;

    /// <summary>The GPUs in the driver's order; empty where there are none.</summary>
    public static unsafe IReadOnlyList<CudaDevice> All()
    {
        const int NameBytes = 256;
        if (Problem is not null)
        {
            return [];
        }

        CudaDriver.Check(CudaDriver.DeviceGetCount(out var count), "counting GPUs");
        var devices = new CudaDevice[count];
        var name = stackalloc byte[NameBytes];
        for (var i = 0; i < count; i++)
        {
            CudaDriver.Check(CudaDriver.DeviceGet(out var device, i), $"opening GPU {i}");
            CudaDriver.Check(CudaDriver.DeviceGetName(name, NameBytes, device), $"naming GPU {i}");
            CudaDriver.Check(CudaDriver.DeviceTotalMem(out var bytes, device), $"measuring GPU {i}");
            devices[i] = new CudaDevice(
                i,
                Encoding.UTF8.GetString(new ReadOnlySpan<byte>(name, new ReadOnlySpan<byte>(name, NameBytes).IndexOf((byte)0))),
                Attribute(device, CapabilityMajor),
                Attribute(device, CapabilityMinor),
                Attribute(device, MultiprocessorCount),
                (long)bytes);
        }

        return devices;
    }

    internal static int Attribute(int device, int attribute)
    {
        CudaDriver.Check(CudaDriver.DeviceGetAttribute(out var value, attribute, device), $"asking GPU {device} for its attribute {attribute}");
        return value;
    }
}
