using System.Collections.Concurrent;
using System.Reflection;

namespace Interp.Compute.Cuda;

/// <summary>
/// The primary context of a GPU, which libtorch uses too, with the kernels loaded into it. libtorch's current stream is the legacy default
/// stream unless a program says otherwise, and TorchSharp has no call that would: work is launched there, so that it follows torch's
/// operations and precedes the next ones without waiting.
/// </summary>
internal sealed class CudaContext
{
    /// <summary>The legacy default stream.</summary>
    public const nint Stream = 0;

    private static readonly ConcurrentDictionary<int, Lazy<CudaContext>> s_contexts = new();

    private readonly ConcurrentDictionary<MethodInfo, Lazy<CudaKernel>> _kernels = new();
    private readonly nint _handle;

    private CudaContext(CudaDevice device)
    {
        Device = device;
        CudaDriver.Check(CudaDriver.DeviceGet(out var handle, device.Index), $"opening GPU {device.Index}");
        CudaDriver.Check(CudaDriver.PrimaryContextRetain(out _handle, handle), $"opening the context of GPU {device.Index}");
    }

    /// <summary>The GPU.</summary>
    public CudaDevice Device { get; }

    /// <summary>The context of a GPU; kept until the process ends, as libtorch keeps it.</summary>
    /// <exception cref="InterpException">There is no such GPU.</exception>
    public static CudaContext Of(int index) => s_contexts.GetOrAdd(index, number => new Lazy<CudaContext>(() => Open(number))).Value;

    /// <summary>Makes the context this thread's current one.</summary>
    public void Enter() => CudaDriver.Check(CudaDriver.ContextSetCurrent(_handle), $"entering the context of GPU {Device.Index}");

    /// <summary>A kernel, compiled and loaded once.</summary>
    public CudaKernel Kernel(MethodInfo method) => _kernels.GetOrAdd(method, key => new Lazy<CudaKernel>(() => CudaKernel.Load(this, key))).Value;

    /// <summary>Waits for everything launched so far.</summary>
    public void Wait()
    {
        Enter();
        CudaDriver.Check(CudaDriver.StreamSynchronize(Stream), "waiting for the GPU");
    }

    /// <summary>Free and whole memory in bytes.</summary>
    public (long Free, long Total) Memory()
    {
        Enter();
        CudaDriver.Check(CudaDriver.MemoryGetInfo(out var free, out var total), "asking for the GPU's free memory");
        return ((long)free, (long)total);
    }

    private static CudaContext Open(int index)
    {
        var devices = CudaDevices.All();
        return index >= 0 && index < devices.Count
            ? new CudaContext(devices[index])
            : throw new InterpException($"there is no GPU {index}: {CudaDevices.Problem ?? $"the driver finds {devices.Count}"}");
    }
}
