namespace Interp.Analysis.Atoms;

/// <summary>What is done to each row before it is encoded; such forms depend on the row and cannot be folded into weights.</summary>
public enum InputNormalisation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Rows are brought to the length √d_in.</summary>
    ConstantNorm,

    /// <summary>(x − mean)/(std + 1e-5), with the unbiased standard deviation of the row's entries.</summary>
    LayerNorm,
}
