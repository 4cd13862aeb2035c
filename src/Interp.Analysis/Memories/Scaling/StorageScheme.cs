namespace Interp.Analysis.Memories.Scaling;

/// <summary>How strongly each key is stored: q(x) = p(x)^ρ on the most frequent keys.</summary>
public enum StorageScheme
{
    /// <summary>q = 1 for all.</summary>
    Equal,

    /// <summary>q = p, what one step of gradient descent gives.</summary>
    Proportional,

    /// <summary>q = √p.</summary>
    SquareRoot,

    /// <summary>q = 1 for the d/8 most frequent keys, at least one.</summary>
    LeadingEighth,

    /// <summary>q = 1 for the d most frequent keys.</summary>
    Leading,
}
