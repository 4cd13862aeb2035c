namespace Interp.Compute.Cuda;

/// <summary>A GPU as the driver describes it.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Major">The major number of its compute capability.</param>
/// <param name="Minor">The minor number.</param>
/// <param name="Multiprocessors">Its multiprocessors.</param>
/// <param name="MemoryBytes">Its memory.</param>
public sealed record CudaDevice(int Index, string Name, int Major, int Minor, int Multiprocessors, long MemoryBytes)
{
    /// <summary>The compute capability ("9.0").</summary>
    public string ComputeCapability => $"{Major}.{Minor}";
}
