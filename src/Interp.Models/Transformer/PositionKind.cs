namespace Interp.Models.Transformer;

/// <summary>How positions enter the model.</summary>
public enum PositionKind
{
    /// <summary>Not at all; a causal mask alone tells positions apart.</summary>
    None,

    /// <summary>A learned vector added to the embedding.</summary>
    Learned,

    /// <summary>A learned vector added to what queries and keys read, and to nothing else (arXiv 2012.15832).</summary>
    Shortformer,

    /// <summary>Queries and keys are rotated by angles proportional to the position (arXiv 2104.09864).</summary>
    Rotary,

    /// <summary>Scores fall linearly with distance, by a slope a head (ALiBi, arXiv 2108.12409).</summary>
    Alibi,
}
