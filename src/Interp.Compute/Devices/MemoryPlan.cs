using System.Globalization;
using Interp.Compute.Cuda;
using TorchSharp;

namespace Interp.Compute.Devices;

/// <summary>What a job will hold in a device's memory at least, added up before it starts, so that one that cannot fit is refused and not killed.</summary>
public sealed class MemoryPlan
{
    private readonly List<(string What, long Bytes)> _parts = [];

    /// <summary>The bytes of all parts.</summary>
    public long Bytes => _parts.Sum(part => part.Bytes);

    /// <summary>Adds a part.</summary>
    /// <param name="what">What it is, for the message ("weights").</param>
    /// <param name="bytes">Its size; a lower bound, so that nothing is refused that would fit.</param>
    /// <returns>The plan.</returns>
    public MemoryPlan Add(string what, long bytes)
    {
        _parts.Add((what, bytes));
        return this;
    }

    /// <summary>Refuses a plan that is larger than the memory of a device: what is free on a GPU, all that this process may have elsewhere.</summary>
    /// <param name="device">The device.</param>
    /// <param name="remedy">What the user can do ("use a smaller --width").</param>
    /// <exception cref="InterpException">It does not fit; the message gives the parts and both sizes.</exception>
    public void Require(torch.Device device, string remedy)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device.type == DeviceType.CUDA)
        {
            Require($"GPU {device.index} has", CudaContext.Of(device.index).Memory().Free, remedy);
        }
        else
        {
            Require("this process may have", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, remedy);
        }
    }

    internal void Require(string holder, long available, string remedy)
    {
        if (Bytes > available)
        {
            var parts = string.Join(", ", _parts.OrderByDescending(part => part.Bytes).Select(part => $"{part.What} {Size(part.Bytes)}"));
            throw new InterpException($"this needs {Size(Bytes)} of memory ({parts}), but {holder} {Size(available)}: {remedy}");
        }
    }

    private static string Size(long bytes) => bytes < 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):F1} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):F1} GiB");
}
