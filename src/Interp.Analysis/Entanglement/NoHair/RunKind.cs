namespace Interp.Analysis.Entanglement.NoHair;

/// <summary>What a compared model is.</summary>
public enum RunKind
{
    /// <summary>The model before tuning.</summary>
    Base,

    /// <summary>A tuned model.</summary>
    Tuned,

    /// <summary>The base plus a Gaussian update of a tuned model's norms.</summary>
    RandomDense,

    /// <summary>The base plus a Gaussian product of the ranks and norms of a tuned model's update.</summary>
    RandomLowRank,

    /// <summary>The base plus a tuned model's update, its query, key and value rows permuted across heads.</summary>
    PermutedRows,
}
