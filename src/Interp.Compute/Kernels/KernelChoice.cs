using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels;

/// <summary>The choice that every kernel makes alike.</summary>
internal static class KernelChoice
{
    /// <summary>What <see cref="KernelBackend.Auto"/> means for a tensor: nothing else than torch's operations touches the memory of another device.</summary>
    /// <exception cref="ArgumentException">The tensor has no memory.</exception>
    public static KernelBackend For(KernelBackend backend, Tensor tensor)
    {
        RequireMemory(tensor);
        return backend switch
        {
            KernelBackend.Auto => tensor.device_type == DeviceType.CPU ? KernelBackend.Cpu : KernelBackend.Reference,
            _ => backend,
        };
    }

    /// <summary>Refuses a tensor that only has a shape.</summary>
    /// <exception cref="ArgumentException">The tensor has no memory.</exception>
    public static void RequireMemory(Tensor tensor)
    {
        if (tensor.device_type == DeviceType.META)
        {
            throw new ArgumentException("the tensor is on torch's device meta, where it has a shape but no numbers: make it on the CPU or a GPU", nameof(tensor));
        }
    }
}
