namespace Interp.Compute.Kernels;

/// <summary>Which version of a kernel runs.</summary>
public enum KernelBackend
{
    /// <summary>The SIMD version for tensors on the CPU, torch's own operations for tensors on another device.</summary>
    Auto,

    /// <summary>Plain torch operations on the tensors' device: the definition.</summary>
    Reference,

    /// <summary>SIMD and threads; tensors must lie on the CPU.</summary>
    Cpu,

    /// <summary>The ILGPU kernels, run on ILGPU's accelerator for the CPU.</summary>
    Gpu,
}
