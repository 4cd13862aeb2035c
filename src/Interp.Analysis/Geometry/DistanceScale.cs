namespace Interp.Analysis.Geometry;

/// <summary>How the kernel width σ of the diffusion entropy is chosen.</summary>
public enum DistanceScale
{
    /// <summary>The median pairwise distance of each cloud, times the factor: shows shape.</summary>
    MedianOfEach,

    /// <summary>The median pairwise distance of the first cloud, times the factor, for all: shows growth too.</summary>
    MedianOfFirst,

    /// <summary>The factor itself, an absolute distance; for comparison with published values (10).</summary>
    Absolute,
}
