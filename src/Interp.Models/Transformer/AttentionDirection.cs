namespace Interp.Models.Transformer;

/// <summary>Which positions a query sees.</summary>
public enum AttentionDirection
{
    /// <summary>Itself and those before it.</summary>
    Causal,

    /// <summary>All of them.</summary>
    Bidirectional,
}
