namespace Interp.Analysis.Geometry;

/// <summary>What the diffusion mutual information is taken with.</summary>
public enum CloudLabels
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The token at the position.</summary>
    Token,

    /// <summary>The token that follows.</summary>
    NextToken,

    /// <summary>Ten equal ranges of the position in its piece of text.</summary>
    Position,
}
