using System.Reflection;
using Interp.Compute.Cuda;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Lanes;

/// <summary>
/// Where GPU kernels run: on a CUDA GPU over tensors' own memory, or without one on ILGPU's accelerator for the CPU over copies. Views live
/// as long as the lane.
/// </summary>
internal abstract class KernelLane : IDisposable
{
    /// <summary>The lane for a tensor: its GPU, or ILGPU's accelerator for the CPU.</summary>
    public static KernelLane For(Tensor tensor) =>
        tensor.device_type == DeviceType.CUDA ? new CudaLane(CudaContext.Of(tensor.device_index), new TorchMemory(tensor.device)) : new CpuLane();

    /// <summary>The threads of a group; a whole number of warps.</summary>
    public abstract int GroupSize { get; }

    /// <summary>A tensor's numbers as float32: on its GPU the tensor's own memory where it is contiguous float32, else a copy.</summary>
    /// <param name="tensor">The tensor; null for a view that is not looked at.</param>
    public abstract KernelView<float> Copy(Tensor? tensor);

    /// <summary>A copy of an array.</summary>
    public abstract KernelView<TItem> Copy<TItem>(TItem[] values)
        where TItem : unmanaged;

    /// <summary>Zeros.</summary>
    public abstract KernelView<TItem> Zeros<TItem>(long count)
        where TItem : unmanaged;

    /// <summary>Launches a kernel, a thread for each number from 0; does not wait.</summary>
    /// <param name="kernels">The class of the kernel.</param>
    /// <param name="name">Its method.</param>
    /// <param name="threads">The threads.</param>
    /// <param name="arguments">All parameters but the thread's number.</param>
    public void Launch(Type kernels, string name, long threads, params object[] arguments)
    {
        if (threads > 0)
        {
            Launch(Method(kernels, name), checked((int)threads), arguments);
        }
    }

    /// <summary>Launches an explicitly grouped kernel, in groups of <see cref="GroupSize"/>; does not wait.</summary>
    /// <param name="kernels">The class of the kernel.</param>
    /// <param name="name">Its method.</param>
    /// <param name="groups">The groups.</param>
    /// <param name="arguments">All parameters.</param>
    public void LaunchGroups(Type kernels, string name, long groups, params object[] arguments)
    {
        if (groups > 0)
        {
            LaunchGroups(Method(kernels, name), checked((int)groups), GroupSize, arguments);
        }
    }

    /// <summary>Sets numbers to zero, after the kernels launched so far.</summary>
    public abstract void Clear<TItem>(KernelView<TItem> view)
        where TItem : unmanaged;

    /// <summary>The numbers, once all kernels are done.</summary>
    public abstract TItem[] Read<TItem>(KernelView<TItem> view)
        where TItem : unmanaged;

    /// <summary>Writes numbers into a tensor of as many, once all kernels are done; nothing where the view is the tensor's own memory.</summary>
    public abstract void Return(KernelView<float> view, Tensor target);

    /// <summary>Waits for all kernels.</summary>
    public abstract void Wait();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The numbers as a new tensor in the present dispose scope.</summary>
    public Tensor Tensor(KernelView<float> view, Device device, params long[] shape)
    {
        var made = empty(shape, ScalarType.Float32, device);
        Return(view, made);
        return made;
    }

    protected abstract void Launch(MethodInfo kernel, int threads, object[] arguments);

    protected abstract void LaunchGroups(MethodInfo kernel, int groups, int size, object[] arguments);

    private static MethodInfo Method(Type kernels, string name) =>
        kernels.GetMethod(name, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static) ?? throw new ArgumentException($"there is no kernel {kernels.Name}.{name}", nameof(name));
}
