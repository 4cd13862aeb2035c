using System.Runtime.InteropServices;

namespace Interp.Compute.Kernels.Rows;

/// <summary>Memory that grows by doubling and keeps its place between uses, aligned for SIMD.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint Alignment = 64;

    private nuint _bytes;

    ~NativeBuffer() => Free();

    /// <summary>The first byte; moves when the buffer grows.</summary>
    public void* Start { get; private set; }

    /// <summary>Makes room for a number of bytes; what was written stays.</summary>
    public void Reserve(long bytes)
    {
        if ((nuint)bytes > _bytes)
        {
            _bytes = Math.Max((nuint)bytes, Math.Max(4096, 2 * _bytes));
            Start = NativeMemory.AlignedRealloc(Start, _bytes, Alignment);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(Start);
        Start = null;
        _bytes = 0;
    }
}
