namespace Interp.Compute.Kernels.Lanes;

/// <summary>Numbers in a lane's memory, as a kernel takes them: in CUDA's memory the address, elsewhere the lane's own number for them.</summary>
/// <param name="Handle">The address or number.</param>
/// <param name="Length">How many numbers.</param>
/// <typeparam name="T">Their type.</typeparam>
internal readonly record struct KernelView<T>(nint Handle, long Length) : IKernelView
    where T : unmanaged
{
    /// <inheritdoc/>
    Type IKernelView.Element => typeof(T);

    /// <inheritdoc/>
    object IKernelView.In(CpuLane lane) => lane.View(this);
}
