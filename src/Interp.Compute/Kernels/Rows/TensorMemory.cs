using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Rows;

/// <summary>The memory of tensors on the CPU, as kernels read and write it.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>The first number of a contiguous tensor on the CPU; the tensor must outlive the use of the pointer.</summary>
    /// <exception cref="ArgumentException">The tensor lies elsewhere, has gaps, or is of another type.</exception>
    public static T* Of<T>(Tensor tensor)
        where T : unmanaged
    {
        var wanted = typeof(T) == typeof(double) ? ScalarType.Float64 : ScalarType.Float32;
        if (tensor.device_type != DeviceType.CPU || !tensor.is_contiguous() || tensor.dtype != wanted)
        {
            throw new ArgumentException($"the CPU kernel needs a contiguous {wanted} tensor on the CPU, not {tensor.dtype} on {tensor.device_type}", nameof(tensor));
        }

        if (tensor.numel() == 0)
        {
            return null;
        }

        // One element is enough for the address, and a span cannot be longer than 2 GB.
        using var flat = tensor.view(-1);
        using var first = flat.narrow(0, 0, 1);
        fixed (byte* bytes = first.bytes)
        {
            return (T*)bytes;
        }
    }
}
