namespace Interp.Compute.Cuda;

/// <summary>The driver refused something.</summary>
/// <param name="doing">What was being done, with the kernel's name where there is one.</param>
/// <param name="status">The driver's number.</param>
/// <param name="name">The driver's name for it.</param>
/// <param name="text">The driver's words.</param>
public sealed class CudaException(string doing, int status, string name, string text)
    : InterpException($"{doing}: the GPU driver answers {name} ({status}, {text}){Hint(status)}")
{
    private const int OutOfMemory = 2;

    /// <summary>The driver's number (<c>CUresult</c>).</summary>
    public int Status { get; } = status;

    private static string Hint(int status) => status == OutOfMemory ? "; use a smaller batch, or --device cpu" : "";
}
