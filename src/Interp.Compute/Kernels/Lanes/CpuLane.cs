using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using Interp.Compute.Kernels.Elements;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Lanes;

/// <summary>ILGPU's accelerator for the CPU, which runs the very code of the kernels, over copies in its memory.</summary>
internal sealed class CpuLane : KernelLane
{
    // One number of the largest type, as which a view of nothing is passed.
    private const int LeastBytes = 16;

    private readonly Context _context = Context.Create(builder => builder.CPU());
    private readonly Accelerator _accelerator;
    private readonly List<MemoryBuffer1D<byte, Stride1D.Dense>> _buffers = [];

    public CpuLane() => _accelerator = _context.CreateCPUAccelerator(0);

    /// <summary>As many as ILGPU's accelerator for the CPU has.</summary>
    public override int GroupSize => 16;

    /// <inheritdoc/>
    public override KernelView<TItem> Copy<TItem>(TItem[] values) => Keep<TItem>(MemoryMarshal.AsBytes<TItem>(values), values.LongLength);

    /// <inheritdoc/>
    public override KernelView<TItem> Zeros<TItem>(long count) => Keep<TItem>([], count);

    /// <inheritdoc/>
    public override void Clear<TItem>(KernelView<TItem> view) => View(view).MemSetToZero(_accelerator.DefaultStream);

    /// <inheritdoc/>
    public override TItem[] Read<TItem>(KernelView<TItem> view)
    {
        Wait();
        return View(view).GetAsArray<TItem>()[..(int)view.Length];
    }

    /// <inheritdoc/>
    public override void Return(IKernelView view, Tensor target)
    {
        if (target.numel() > 0)
        {
            Wait();
            using var scope = NewDisposeScope();
            var made = empty(target.shape, ElementTypes.ScalarOf(view.Element));
            ((ArrayView<byte>)_buffers[(int)view.Handle - 1].View).SubView(0, made.bytes.Length).GetAsArray<byte>().CopyTo(made.bytes);
            _ = target.copy_(made);
        }
    }

    /// <summary>ILGPU's view of numbers; of at least one, since ILGPU cannot pass a view of nothing.</summary>
    public ArrayView<TItem> View<TItem>(KernelView<TItem> view)
        where TItem : unmanaged => view.Handle == 0
        ? throw new ArgumentException("the view is of no memory of this lane", nameof(view))
        : ((ArrayView<byte>)_buffers[(int)view.Handle - 1].View).Cast<TItem>().SubView(0, Math.Max(view.Length, 1));

    /// <inheritdoc/>
    public override void Wait() => _accelerator.Synchronize();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _buffers.ForEach(buffer => buffer.Dispose());
        _accelerator.Dispose();
        _context.Dispose();
    }

    /// <inheritdoc/>
    protected override KernelView<TItem> View<TItem>(Tensor tensor, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var whole = tensor.detach().to(type).cpu().contiguous();
        return Keep<TItem>(whole.numel() == 0 ? [] : whole.bytes, whole.numel());
    }

    /// <inheritdoc/>
    protected override void Launch(MethodInfo kernel, int threads, object[] arguments) => Invoke(_accelerator.LoadAutoGroupedKernel(kernel), new Index1D(threads), arguments);

    /// <inheritdoc/>
    protected override void LaunchGroups(MethodInfo kernel, int groups, int size, object[] arguments) =>
        Invoke(_accelerator.LoadKernel(kernel), new KernelConfig(groups, size), arguments);

    // ILGPU gives out a launcher as a delegate of the kernel's own types alone.
    private void Invoke(Kernel kernel, object extent, object[] arguments)
    {
        object[] all = [_accelerator.DefaultStream, extent, .. arguments.Select(argument => argument is IKernelView view ? view.In(this) : argument)];
        var type = Expression.GetDelegateType([typeof(AcceleratorStream), .. all.Skip(1).Select(value => value.GetType()), typeof(void)]);
        var create = typeof(Kernel).GetMethod(nameof(Kernel.CreateLauncherDelegate))!.MakeGenericMethod(type);
        _ = ((Delegate)create.Invoke(kernel, null)!).DynamicInvoke(all);
    }

    private KernelView<TItem> Keep<TItem>(ReadOnlySpan<byte> bytes, long count)
        where TItem : unmanaged
    {
        var buffer = _accelerator.Allocate1D<byte>(Math.Max(count * Unsafe.SizeOf<TItem>(), LeastBytes));
        buffer.MemSetToZero();
        if (bytes.Length > 0)
        {
            buffer.View.SubView(0, bytes.Length).CopyFromCPU(bytes.ToArray());
        }

        _buffers.Add(buffer);
        return new KernelView<TItem>(_buffers.Count, count);
    }
}
