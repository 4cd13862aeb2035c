using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels;

/// <summary>The choice that every kernel makes alike.</summary>
internal static class KernelChoice
{
    /// <summary>What <see cref="KernelBackend.Auto"/> means for a tensor.</summary>
    public static KernelBackend For(KernelBackend backend, Tensor tensor) => backend switch
    {
        KernelBackend.Auto => tensor.device_type == DeviceType.CPU ? KernelBackend.Cpu : KernelBackend.Reference,
        _ => backend,
    };
}
