namespace Interp.Compute.Kernels.Lanes;

/// <summary>Where a CUDA lane gets memory from; all of it is freed with the instance.</summary>
internal interface IDeviceMemory : IDisposable
{
    /// <summary>Room on the GPU whose context is current.</summary>
    /// <returns>The address.</returns>
    nint Allocate(long bytes);
}
