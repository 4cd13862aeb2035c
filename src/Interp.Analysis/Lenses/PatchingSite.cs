namespace Interp.Analysis.Lenses;

/// <summary>Where a patching sweep puts values in: by layer and position, or by layer and head.</summary>
public enum PatchingSite
{
    /// <summary>The stream entering a block, by position.</summary>
    ResidPre,

    /// <summary>The stream between attention and MLP, by position.</summary>
    ResidMid,

    /// <summary>What attention adds, by position.</summary>
    AttnOut,

    /// <summary>What the MLP adds, by position.</summary>
    MlpOut,

    /// <summary>A head's mixed values, at all positions.</summary>
    Z,

    /// <summary>A head's queries, at all positions.</summary>
    Q,

    /// <summary>A key head's keys, at all positions.</summary>
    K,

    /// <summary>A value head's values, at all positions.</summary>
    V,

    /// <summary>A head's pattern.</summary>
    Pattern,
}
