namespace Interp.Compute.Kernels.Cosines;

/// <summary>Which version of the all-pairs pass runs.</summary>
public enum CosineBackend
{
    /// <summary>The SIMD version for rows on the CPU, torch's own operations for rows on another device.</summary>
    Auto,

    /// <summary>Plain torch operations on the rows' device.</summary>
    Reference,

    /// <summary>SIMD and threads; rows on another device are copied to the CPU.</summary>
    Cpu,

    /// <summary>The ILGPU kernels, run on ILGPU's accelerator for the CPU.</summary>
    Gpu,
}
