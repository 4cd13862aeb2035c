using System.Linq.Expressions;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Lanes;

/// <summary>ILGPU's accelerator for the CPU, which runs the very code of the kernels, over copies in its memory.</summary>
internal sealed class CpuLane : KernelLane
{
    private readonly Context _context = Context.Create(builder => builder.CPU());
    private readonly Accelerator _accelerator;
    private readonly List<(MemoryBuffer Buffer, object View)> _buffers = [];

    public CpuLane() => _accelerator = _context.CreateCPUAccelerator(0);

    /// <summary>As many as ILGPU's accelerator for the CPU has.</summary>
    public override int GroupSize => 16;

    /// <inheritdoc/>
    public override KernelView<float> Copy(Tensor? tensor)
    {
        if (tensor is null || tensor.numel() == 0)
        {
            return Copy(new float[1]);
        }

        using var scope = NewDisposeScope();
        return Copy(tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray());
    }

    /// <inheritdoc/>
    public override KernelView<TItem> Copy<TItem>(TItem[] values)
    {
        // ILGPU cannot pass a view of nothing.
        var buffer = _accelerator.Allocate1D(values.Length == 0 ? [default] : values);
        _buffers.Add((buffer, (ArrayView<TItem>)buffer.View));
        return new KernelView<TItem>(_buffers.Count, buffer.Length);
    }

    /// <inheritdoc/>
    public override KernelView<TItem> Zeros<TItem>(long count) => Copy(new TItem[Math.Max(count, 1)]);

    /// <inheritdoc/>
    public override void Clear<TItem>(KernelView<TItem> view) => ((ArrayView<TItem>)ViewOf(view.Handle)).MemSetToZero(_accelerator.DefaultStream);

    /// <inheritdoc/>
    public override TItem[] Read<TItem>(KernelView<TItem> view)
    {
        Wait();
        return ((ArrayView<TItem>)ViewOf(view.Handle)).GetAsArray();
    }

    /// <inheritdoc/>
    public override void Return(KernelView<float> view, Tensor target)
    {
        if (target.numel() > 0)
        {
            using var scope = NewDisposeScope();
            _ = target.copy_(tensor(Read(view)[..(int)target.numel()]).view(target.shape));
        }
    }

    /// <inheritdoc/>
    public override void Wait() => _accelerator.Synchronize();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _buffers.ForEach(entry => entry.Buffer.Dispose());
        _accelerator.Dispose();
        _context.Dispose();
    }

    /// <inheritdoc/>
    protected override void Launch(MethodInfo kernel, int threads, object[] arguments) => Invoke(_accelerator.LoadAutoGroupedKernel(kernel), new Index1D(threads), arguments);

    /// <inheritdoc/>
    protected override void LaunchGroups(MethodInfo kernel, int groups, int size, object[] arguments) =>
        Invoke(_accelerator.LoadKernel(kernel), new KernelConfig(groups, size), arguments);

    // ILGPU gives out a launcher as a delegate of the kernel's own types alone.
    private void Invoke(Kernel kernel, object extent, object[] arguments)
    {
        object[] all = [_accelerator.DefaultStream, extent, .. Views(arguments)];
        var type = Expression.GetDelegateType([typeof(AcceleratorStream), .. all.Skip(1).Select(value => value.GetType()), typeof(void)]);
        var create = typeof(Kernel).GetMethod(nameof(Kernel.CreateLauncherDelegate))!.MakeGenericMethod(type);
        _ = ((Delegate)create.Invoke(kernel, null)!).DynamicInvoke(all);
    }

    private object[] Views(object[] arguments) =>
        [.. arguments.Select(argument => argument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KernelView<>) ? ViewOf(Handle((dynamic)argument)) : argument)];

    private static nint Handle<TItem>(KernelView<TItem> view)
        where TItem : unmanaged => view.Handle;

    private object ViewOf(nint handle) => _buffers[(int)handle - 1].View;
}
