namespace Interp.Models.Tokenization;

/// <summary>A token that is found in the text before the model sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>Whether it steers the model (begin, end, padding) rather than standing for text.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Whether it is looked for in texts at all; SentencePiece's control pieces are not.</summary>
    public bool IsFoundInText { get; init; } = true;

    /// <summary>`single_word`: found only where no word character touches it.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>`lstrip`: takes in the white space before it.</summary>
    public bool TakesSpaceBefore { get; init; }

    /// <summary>`rstrip`: takes in the white space behind it.</summary>
    public bool TakesSpaceAfter { get; init; }

    /// <summary>`normalized`: looked for in the normalised text, in normalised form.</summary>
    public bool IsNormalized { get; init; }
}
