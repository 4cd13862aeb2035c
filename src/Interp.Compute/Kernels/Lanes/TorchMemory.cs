using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Lanes;

/// <summary>Memory from libtorch's allocator, which follows its stream: what is freed is used again only by work launched later.</summary>
internal sealed partial class TorchMemory(Device device) : IDeviceMemory
{
    private readonly List<Tensor> _tensors = [];

    /// <summary>The address of a tensor's first number.</summary>
    public static nint Address(Tensor tensor) => Data(tensor.Handle);

    /// <inheritdoc/>
    public nint Allocate(long bytes)
    {
        var room = empty(bytes, ScalarType.Byte, device).DetachFromDisposeScope();
        _tensors.Add(room);
        return Address(room);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tensors.ForEach(tensor => tensor.Dispose());
        _tensors.Clear();
    }

    // TorchSharp has it, but keeps it to itself.
    [LibraryImport("LibTorchSharp", EntryPoint = "THSTensor_data")]
    private static partial nint Data(nint tensor);
}
