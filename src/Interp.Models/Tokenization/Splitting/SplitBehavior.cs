namespace Interp.Models.Tokenization.Splitting;

/// <summary>What becomes of a delimiter when a text is cut at it.</summary>
internal enum SplitBehavior
{
    /// <summary>It is dropped.</summary>
    Removed,

    /// <summary>It is a piece of its own.</summary>
    Isolated,

    /// <summary>It ends the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>It starts the piece behind it.</summary>
    MergedWithNext,

    /// <summary>A run of delimiters is one piece.</summary>
    Contiguous,
}
