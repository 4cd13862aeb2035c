namespace Interp.Analysis.Atoms.Training;

/// <summary>How the loss asks for sparsity.</summary>
public enum SparsityTerm
{
    /// <summary>λ·(L0/T − 1)²: reaches a wanted L0 whatever the data.</summary>
    TargetL0,

    /// <summary>λ·L0.</summary>
    L0,
}
