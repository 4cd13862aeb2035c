namespace Interp.Models.Tokenization;

/// <summary>The special tokens that a post-processor puts round the tokens of a text.</summary>
/// <param name="Before">The ids before the text's tokens.</param>
/// <param name="After">The ids behind them.</param>
internal sealed record TokenTemplate(IReadOnlyList<int> Before, IReadOnlyList<int> After)
{
    /// <summary>No special tokens.</summary>
    public static readonly TokenTemplate Empty = new([], []);

    /// <summary>This template inside another.</summary>
    public TokenTemplate Within(TokenTemplate outer) => new([.. outer.Before, .. Before], [.. After, .. outer.After]);
}
