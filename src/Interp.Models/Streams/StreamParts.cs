namespace Interp.Models.Streams;

/// <summary>Which contributions a decomposition lists.</summary>
public enum StreamParts
{
    /// <summary>What attention and MLPs add.</summary>
    All,

    /// <summary>What attention adds.</summary>
    Attention,

    /// <summary>What MLPs add.</summary>
    Mlp,
}
