using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Floats;

/// <summary>ILGPU's accelerator for the CPU with float32 tensors copied into its memory, to run GPU kernels where there is no GPU.</summary>
internal sealed class GpuFloats : IDisposable
{
    private readonly Context _context = Context.Create(builder => builder.CPU());
    private readonly List<MemoryBuffer1D<float, Stride1D.Dense>> _buffers = [];

    /// <summary>Makes the accelerator.</summary>
    public GpuFloats() => Accelerator = _context.CreateCPUAccelerator(0);

    /// <summary>The accelerator.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>A tensor's elements in C order; one unused element without a tensor.</summary>
    public ArrayView<float> Copy(Tensor? tensor)
    {
        using var flat = tensor?.contiguous();
        return Keep(Accelerator.Allocate1D(flat is null ? new float[1] : flat.data<float>().ToArray()));
    }

    /// <summary>Room for results.</summary>
    public ArrayView<float> Room(long count) => Keep(Accelerator.Allocate1D<float>(count));

    /// <summary>What was computed, as a tensor in the present dispose scope.</summary>
    public Tensor Read(ArrayView<float> view, params long[] shape)
    {
        Accelerator.Synchronize();
        var values = new float[view.Length];
        view.CopyToCPU(values);
        return tensor(values, shape);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffers.ForEach(buffer => buffer.Dispose());
        Accelerator.Dispose();
        _context.Dispose();
    }

    private ArrayView<float> Keep(MemoryBuffer1D<float, Stride1D.Dense> buffer)
    {
        _buffers.Add(buffer);
        return buffer.View;
    }
}
