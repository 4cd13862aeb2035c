namespace Interp.Analysis.Entanglement.Attention;

/// <summary>Which matrix of a head is read as a state.</summary>
public enum AttentionState
{
    /// <summary>The pattern after the softmax.</summary>
    Pattern,

    /// <summary>The scores before it, masked entries taken as zero.</summary>
    Scores,
}
