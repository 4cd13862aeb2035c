using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Rows;

/// <summary>ILGPU's accelerator for the CPU, on which the GPU versions of kernels run without a GPU; numbers are float32.</summary>
internal sealed class CpuAccelerator : IDisposable
{
    private readonly Context _context = Context.Create(builder => builder.CPU());
    private readonly List<MemoryBuffer> _buffers = [];

    public CpuAccelerator() => Accelerator = _context.CreateCPUAccelerator(0);

    public Accelerator Accelerator { get; }

    /// <summary>A copy of a tensor's numbers.</summary>
    public ArrayView<float> Copy(Tensor tensor)
    {
        if (tensor.numel() == 0)
        {
            return Zeros<float>(1);
        }

        using var scope = NewDisposeScope();
        return Copy(tensor.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray());
    }

    /// <summary>A copy of an array; never empty, since a view of nothing cannot be passed.</summary>
    public ArrayView<TItem> Copy<TItem>(TItem[] values)
        where TItem : unmanaged
    {
        var buffer = Accelerator.Allocate1D(values.Length == 0 ? [default] : values);
        _buffers.Add(buffer);
        return buffer.View;
    }

    /// <summary>Zeros.</summary>
    public ArrayView<TItem> Zeros<TItem>(long count)
        where TItem : unmanaged => Copy(new TItem[Math.Max(count, 1)]);

    /// <summary>Writes numbers back into a tensor of as many, once all kernels are done.</summary>
    public void Return(ArrayView<float> values, Tensor target)
    {
        if (target.numel() == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        _ = target.copy_(tensor(Read(values)[..(int)target.numel()]).view(target.shape));
    }

    /// <summary>The values, once all kernels are done.</summary>
    public TItem[] Read<TItem>(ArrayView<TItem> values)
        where TItem : unmanaged
    {
        Accelerator.Synchronize();
        return values.GetAsArray();
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Dispose();
        }

        Accelerator.Dispose();
        _context.Dispose();
    }
}
