namespace Interp.Models.Tokenization;

/// <summary>One token of an encoded text and the part of the text that it stands for.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Start">The first UTF-16 index of the part.</param>
/// <param name="End">The UTF-16 index behind the part; equal to <paramref name="Start"/> for a token that was added.</param>
/// <remarks>Tokens that hold parts of one character's bytes all span that character.</remarks>
public readonly record struct TokenSpan(int Id, int Start, int End)
{
    /// <summary>The number of UTF-16 units spanned.</summary>
    public int Length => End - Start;
}
