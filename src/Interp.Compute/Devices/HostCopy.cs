using Interp.Compute.Cuda;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Devices;

/// <summary>
/// Tensors on their way to the CPU. From a GPU they are copied into pinned memory while the program goes on; nothing waits before
/// <see cref="Wait"/>, and that only for the work launched before the copy. It owns its tensors.
/// </summary>
public sealed class HostCopy : IDisposable
{
    private readonly IReadOnlyList<Tensor> _tensors;
    private readonly CudaContext? _context;
    private nint _done;

    private HostCopy(IReadOnlyList<Tensor> tensors, CudaContext? context)
    {
        _tensors = tensors;
        _context = context;
        if (context is not null)
        {
            context.Enter();
            CudaDriver.Check(CudaDriver.EventCreate(out _done, 0), "making an event");
            CudaDriver.Check(CudaDriver.EventRecord(_done, CudaContext.Stream), "marking a copy's end");
        }
    }

    /// <summary>Whether there is anything to wait for: on the CPU tensors are there at once.</summary>
    public bool IsUnderWay => _context is not null;

    /// <summary>Starts copies.</summary>
    /// <param name="tensors">Tensors of one device; they stay the caller's, and may be freed at once.</param>
    /// <param name="dtype">The element type to bring.</param>
    /// <returns>The copies, owned by the caller.</returns>
    public static HostCopy Start(IReadOnlyList<Tensor> tensors, ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var isOnGpu = tensors.Count > 0 && tensors[0].device_type == DeviceType.CUDA;
        // Without waiting, libtorch takes pinned memory for what it brings from a GPU.
        Tensor[] copies = [.. tensors.Select(tensor => tensor.detach().to(dtype).contiguous().to(CPU, non_blocking: isOnGpu).DetachFromDisposeScope())];
        return new HostCopy(copies, isOnGpu ? CudaContext.Of(tensors[0].device_index) : null);
    }

    /// <summary>The tensors on the CPU, once they are there.</summary>
    public IReadOnlyList<Tensor> Wait()
    {
        if (_done != 0)
        {
            _context!.Enter();
            CudaDriver.Check(CudaDriver.EventSynchronize(_done), "waiting for a copy from the GPU");
            Free();
        }

        return _tensors;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_done != 0)
        {
            // Pinned memory must not be given away while the GPU writes it.
            _ = Wait();
        }

        foreach (var tensor in _tensors)
        {
            tensor.Dispose();
        }
    }

    private void Free()
    {
        CudaDriver.Check(CudaDriver.EventDestroy(_done), "freeing an event");
        _done = 0;
    }
}
