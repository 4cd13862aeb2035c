namespace Interp.Analysis.Geometry.Objective;

/// <summary>How the random subspace is drawn.</summary>
public enum ProjectionKind
{
    /// <summary>Blocks H G Π H B of Hadamard, Gaussian, permutation and sign factors: d log d operations a block, three numbers a parameter.</summary>
    Fastfood,

    /// <summary>Columns with √D random signs each.</summary>
    Sparse,

    /// <summary>Orthonormal columns of a Gaussian matrix; D·d numbers.</summary>
    Dense,
}
