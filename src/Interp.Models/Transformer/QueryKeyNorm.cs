namespace Interp.Models.Transformer;

/// <summary>What queries and keys are normalised over before the rotation.</summary>
public enum QueryKeyNorm
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Each head by itself.</summary>
    Head,

    /// <summary>All heads at once, as one vector (OLMo 2).</summary>
    Whole,
}
