using System.Reflection;
using System.Runtime.CompilerServices;
using Interp.Compute.Cuda;
using Interp.Compute.Kernels.Elements;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Lanes;

/// <summary>A CUDA GPU: kernels launched into its primary context over the memory of tensors. Waits only where a result is read.</summary>
internal sealed unsafe class CudaLane(CudaContext context, IDeviceMemory memory) : KernelLane
{
    private readonly List<Tensor> _kept = [];

    /// <inheritdoc/>
    public override int GroupSize => 256;

    /// <inheritdoc/>
    public override KernelView<TItem> Copy<TItem>(TItem[] values)
    {
        var view = Room<TItem>(values.LongLength);
        if (values.Length > 0)
        {
            fixed (TItem* source = values)
            {
                CudaDriver.Check(CudaDriver.CopyToDevice(view.Handle, source, Bytes(view)), "copying to the GPU");
            }
        }

        return view;
    }

    /// <inheritdoc/>
    public override KernelView<TItem> Zeros<TItem>(long count)
    {
        var view = Room<TItem>(count);
        Clear(view);
        return view;
    }

    /// <inheritdoc/>
    public override void Clear<TItem>(KernelView<TItem> view)
    {
        if (view.Length > 0)
        {
            context.Enter();
            CudaDriver.Check(CudaDriver.Fill(view.Handle, 0, Bytes(view), CudaContext.Stream), "clearing GPU memory");
        }
    }

    /// <inheritdoc/>
    public override TItem[] Read<TItem>(KernelView<TItem> view)
    {
        var values = new TItem[view.Length];
        if (values.Length > 0)
        {
            context.Enter();
            fixed (TItem* target = values)
            {
                CudaDriver.Check(CudaDriver.CopyToHost(target, view.Handle, Bytes(view)), "copying from the GPU");
            }
        }

        return values;
    }

    /// <inheritdoc/>
    public override void Return(IKernelView view, Tensor target)
    {
        if (target.numel() == 0 || (target.device_type == DeviceType.CUDA && TorchMemory.Address(target) == view.Handle))
        {
            return;
        }

        using var scope = NewDisposeScope();
        var type = ElementTypes.ScalarOf(view.Element);
        var isPlain = target.device_type == DeviceType.CUDA && target.dtype == type && target.is_contiguous();
        var whole = isPlain ? target : empty(target.shape, type, device(DeviceType.CUDA, context.Device.Index));
        context.Enter();
        CudaDriver.Check(CudaDriver.CopyOnDevice(TorchMemory.Address(whole), view.Handle, (nuint)(target.numel() * whole.ElementSize), CudaContext.Stream), "copying on the GPU");
        if (!isPlain)
        {
            _ = target.copy_(whole);
        }
    }

    /// <inheritdoc/>
    public override void Wait() => context.Wait();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _kept.ForEach(tensor => tensor.Dispose());
        memory.Dispose();
    }

    /// <inheritdoc/>
    protected override KernelView<TItem> View<TItem>(Tensor tensor, ScalarType type)
    {
        if (tensor.numel() == 0)
        {
            return default;
        }

        if (tensor.device_type == DeviceType.CUDA && tensor.device_index == context.Device.Index && tensor.dtype == type && tensor.is_contiguous())
        {
            return new KernelView<TItem>(TorchMemory.Address(tensor), tensor.numel());
        }

        using var scope = NewDisposeScope();
        var copy = tensor.detach().to(type, device(DeviceType.CUDA, context.Device.Index)).contiguous().DetachFromDisposeScope();
        _kept.Add(copy);
        return new KernelView<TItem>(TorchMemory.Address(copy), copy.numel());
    }

    /// <inheritdoc/>
    protected override void Launch(MethodInfo kernel, int threads, object[] arguments) => context.Kernel(kernel).Launch(threads, arguments);

    /// <inheritdoc/>
    protected override void LaunchGroups(MethodInfo kernel, int groups, int size, object[] arguments) => context.Kernel(kernel).Launch(groups, size, arguments);

    private KernelView<TItem> Room<TItem>(long count)
        where TItem : unmanaged
    {
        context.Enter();
        return count == 0 ? default : new KernelView<TItem>(memory.Allocate(count * Unsafe.SizeOf<TItem>()), count);
    }

    private static nuint Bytes<TItem>(KernelView<TItem> view)
        where TItem : unmanaged => (nuint)(view.Length * Unsafe.SizeOf<TItem>());
}
