namespace Interp.Analysis.Circles.Irreps;

/// <summary>The groups whose irreducible representations are known here, with the order of their elements.</summary>
public enum GroupKind
{
    /// <summary>Z_n: 0 … n − 1.</summary>
    Cyclic,

    /// <summary>The symmetries of the n-gon, 2n elements: rotations r⁰ … rⁿ⁻¹, then reflections s·r⁰ … s·rⁿ⁻¹.</summary>
    Dihedral,

    /// <summary>S_n: the permutations of 0 … n − 1 in lexicographic order; (g·h)(x) = g(h(x)).</summary>
    Symmetric,
}
