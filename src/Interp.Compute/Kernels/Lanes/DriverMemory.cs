using Interp.Compute.Cuda;

namespace Interp.Compute.Kernels.Lanes;

/// <summary>Memory from the driver itself, for programs without libtorch.</summary>
internal sealed class DriverMemory(CudaContext context) : IDeviceMemory
{
    private readonly List<nint> _addresses = [];

    /// <inheritdoc/>
    public nint Allocate(long bytes)
    {
        CudaDriver.Check(CudaDriver.MemoryAllocate(out var address, (nuint)bytes), $"taking {bytes} bytes of GPU memory");
        _addresses.Add(address);
        return address;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        context.Enter();
        _addresses.ForEach(address => CudaDriver.Check(CudaDriver.MemoryFree(address), "freeing GPU memory"));
        _addresses.Clear();
    }
}
