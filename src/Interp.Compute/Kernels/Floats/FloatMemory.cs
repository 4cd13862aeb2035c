using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.Floats;

/// <summary>Float32 tensors on the CPU as plain memory.</summary>
internal static class FloatMemory
{
    /// <summary>Whether a kernel may read the tensor directly: float32, on the CPU, in C order, and recorded by nobody.</summary>
    public static bool IsPlain(Tensor tensor) =>
        tensor.dtype == ScalarType.Float32 && tensor.device_type == DeviceType.CPU && tensor.is_contiguous() && tensor.NumberOfElements > 0
        && !(is_grad_enabled() && tensor.requires_grad);

    /// <summary>As <see cref="IsPlain"/>, or not there at all.</summary>
    public static bool IsPlainOrAbsent(Tensor? tensor) => tensor is null || IsPlain(tensor);

    /// <summary>The first element's address, valid as long as the tensor is; null without a tensor.</summary>
    public static unsafe float* Of(Tensor? tensor)
    {
        if (tensor is null)
        {
            return null;
        }

        // Spans end at 2³¹ bytes, addresses do not.
        using var first = tensor.as_strided([1], [1], tensor.storage_offset());
        return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }
}
