namespace Interp.Analysis.Atoms.Geometry;

/// <summary>About what the second moment behind the atomic inner product is taken.</summary>
public enum MetricCentring
{
    /// <summary>About zero, as in the paper.</summary>
    None,

    /// <summary>About the mean activation.</summary>
    Mean,
}
