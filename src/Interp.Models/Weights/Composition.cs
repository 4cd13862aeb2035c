namespace Interp.Models.Weights;

/// <summary>What a later head reads an earlier head's output with.</summary>
public enum Composition
{
    /// <summary>Its queries.</summary>
    Query,

    /// <summary>Its keys.</summary>
    Key,

    /// <summary>Its values.</summary>
    Value,
}
