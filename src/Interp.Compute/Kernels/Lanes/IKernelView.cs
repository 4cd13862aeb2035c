namespace Interp.Compute.Kernels.Lanes;

/// <summary>A view whose numbers' type is known where it runs: the launch picks the kernel of that type.</summary>
internal interface IKernelView
{
    /// <inheritdoc cref="KernelView{T}.Handle"/>
    nint Handle { get; }

    /// <inheritdoc cref="KernelView{T}.Length"/>
    long Length { get; }

    /// <summary>The numbers' type.</summary>
    Type Element { get; }

    /// <summary>ILGPU's view of the same numbers.</summary>
    object In(CpuLane lane);
}
