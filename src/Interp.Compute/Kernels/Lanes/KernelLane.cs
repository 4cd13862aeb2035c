using System.Reflection;
using Interp.Compute.Cuda;
using Interp.Compute.Kernels.Elements;
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
    /// <exception cref="ArgumentException">The tensor lies on neither.</exception>
    public static KernelLane For(Tensor tensor)
    {
        KernelChoice.RequireMemory(tensor);
        return tensor.device_type switch
        {
            DeviceType.CUDA => new CudaLane(CudaContext.Of(tensor.device_index), new TorchMemory(tensor.device)),
            DeviceType.CPU => new CpuLane(),
            _ => throw new ArgumentException($"GPU kernels run over tensors on the CPU or a CUDA GPU, not on {tensor.device_type}: move the tensor first", nameof(tensor)),
        };
    }

    /// <summary>The threads of a group; a whole number of warps.</summary>
    public abstract int GroupSize { get; }

    /// <summary>A tensor's numbers as float32: on its GPU the tensor's own memory where it is contiguous float32, else a copy.</summary>
    /// <param name="tensor">The tensor; null for a view that is not looked at.</param>
    public KernelView<float> Copy(Tensor? tensor) => tensor is null ? Zeros<float>(1) : View<float>(tensor, ScalarType.Float32);

    /// <summary>
    /// A tensor's numbers for a kernel that takes sums in float32: bfloat16, float16 or float32 as they are, other types as float32; on its
    /// GPU the tensor's own memory where it is contiguous, else a copy.
    /// </summary>
    public IKernelView Elements(Tensor tensor) => Typed(tensor, ElementTypes.Readable(tensor.dtype));

    /// <summary>As <see cref="Elements"/> for a kernel that works in float64: types other than bfloat16, float16 and float32 as float64.</summary>
    public IKernelView Reals(Tensor tensor) => Typed(tensor, ElementTypes.ReadableReal(tensor.dtype));

    /// <summary>The numbers that <see cref="Elements"/> gives, two at a time.</summary>
    /// <exception cref="ArgumentException">Their number is odd, or the first does not lie where a pair may.</exception>
    public IKernelView Pairs(Tensor tensor)
    {
        var view = Elements(tensor);
        var bytes = 2 * (ElementTypes.IsReduced(tensor.dtype) ? sizeof(ushort) : sizeof(float));
        return view.Length % 2 == 0 && (this is CpuLane || view.Handle % bytes == 0)
            ? PairsOf(view)
            : throw new ArgumentException($"numbers are read in pairs, but there are {view.Length} of them from an address that is no multiple of {bytes}: give a contiguous copy of even width", nameof(tensor));
    }

    /// <summary>A view's numbers, two at a time.</summary>
    public static IKernelView PairsOf(IKernelView view) =>
        view.Element == typeof(Bfloat16) ? new KernelView<Bfloat16Pair>(view.Handle, view.Length / 2)
        : view.Element == typeof(Float16) ? new KernelView<Float16Pair>(view.Handle, view.Length / 2)
        : new KernelView<Float32Pair>(view.Handle, view.Length / 2);

    /// <summary>Zeros of the type in which <see cref="Elements"/> gives a tensor of that type.</summary>
    public IKernelView ElementZeros(ScalarType type, long count) => ElementTypes.Readable(type) switch
    {
        ScalarType.BFloat16 => Zeros<Bfloat16>(count),
        ScalarType.Float16 => Zeros<Float16>(count),
        _ => Zeros<Float32>(count),
    };

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
            Launch(KernelMethods.Find(kernels, name, arguments), checked((int)threads), arguments);
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
            LaunchGroups(KernelMethods.Find(kernels, name, arguments), checked((int)groups), GroupSize, arguments);
        }
    }

    /// <summary>Sets numbers to zero, after the kernels launched so far.</summary>
    public abstract void Clear<TItem>(KernelView<TItem> view)
        where TItem : unmanaged;

    /// <summary>The numbers, once all kernels are done.</summary>
    public abstract TItem[] Read<TItem>(KernelView<TItem> view)
        where TItem : unmanaged;

    /// <summary>Writes numbers into a tensor of as many, once all kernels are done; nothing where the view is the tensor's own memory.</summary>
    public abstract void Return(IKernelView view, Tensor target);

    /// <summary>Waits for all kernels.</summary>
    public abstract void Wait();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The numbers as a new tensor in the present dispose scope.</summary>
    public Tensor Tensor(IKernelView view, Device device, params long[] shape)
    {
        var made = empty(shape, ElementTypes.ScalarOf(view.Element), device);
        Return(view, made);
        return made;
    }

    protected abstract void Launch(MethodInfo kernel, int threads, object[] arguments);

    protected abstract void LaunchGroups(MethodInfo kernel, int groups, int size, object[] arguments);

    /// <summary>A tensor's numbers in the given type.</summary>
    protected abstract KernelView<TItem> View<TItem>(Tensor tensor, ScalarType type)
        where TItem : unmanaged;

    private IKernelView Typed(Tensor tensor, ScalarType type) => type switch
    {
        ScalarType.BFloat16 => View<Bfloat16>(tensor, type),
        ScalarType.Float16 => View<Float16>(tensor, type),
        ScalarType.Float64 => View<Float64>(tensor, type),
        _ => View<Float32>(tensor, type),
    };
}
