namespace Interp.Compute.Kernels.Pairwise;

/// <summary>Which version of the pairwise pass runs.</summary>
public enum PairwiseBackend
{
    /// <summary>The reference for few rows, else the SIMD version on the CPU.</summary>
    Auto,

    /// <summary>Differences in float64 by plain torch operations.</summary>
    Reference,

    /// <summary>Tiles of products with SIMD epilogues.</summary>
    Cpu,

    /// <summary>The ILGPU kernels, run on ILGPU's accelerator for the CPU.</summary>
    Gpu,
}
