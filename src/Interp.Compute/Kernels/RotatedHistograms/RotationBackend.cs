namespace Interp.Compute.Kernels.RotatedHistograms;

/// <summary>Which version counts rotated points.</summary>
public enum RotationBackend
{
    /// <summary>The SIMD version.</summary>
    Auto,

    /// <summary>Plain torch operations.</summary>
    Reference,

    /// <summary>SIMD; angles side by side on threads.</summary>
    Cpu,

    /// <summary>The ILGPU kernels, run on ILGPU's accelerator for the CPU.</summary>
    Gpu,
}
