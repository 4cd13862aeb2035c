namespace Interp.Analysis.Circles.Planes;

/// <summary>Which residue labels the prompt [a, b, p] of a modular-addition task.</summary>
public enum ResidueLabel
{
    /// <summary>The answer (a + b) mod p.</summary>
    Sum,

    /// <summary>The first number a.</summary>
    First,

    /// <summary>The second number b.</summary>
    Second,

    /// <summary>The difference (a − b) mod p.</summary>
    Difference,
}
