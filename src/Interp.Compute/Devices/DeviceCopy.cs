using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Devices;

/// <summary>Tensors on their way from the CPU to the device that computes.</summary>
public static class DeviceCopy
{
    /// <summary>A tensor on a device: itself where it is there already; to a GPU through pinned memory, without waiting for the copy.</summary>
    /// <param name="tensor">The tensor; it stays the caller's, and may be freed at once.</param>
    /// <param name="device">Where to.</param>
    /// <returns>The tensor itself, or a copy in the current dispose scope.</returns>
    public static Tensor Of(Tensor tensor, Device device)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(device);
        if (tensor.device_type == device.type && (device.type == DeviceType.CPU || tensor.device_index == device.index))
        {
            return tensor;
        }

        if (device.type != DeviceType.CUDA || tensor.device_type != DeviceType.CPU)
        {
            return tensor.to(device);
        }

        // libtorch gives pinned memory away again only after the copies that read it.
        using var pinned = tensor.pin_memory();
        return pinned.to(device, non_blocking: true);
    }
}
