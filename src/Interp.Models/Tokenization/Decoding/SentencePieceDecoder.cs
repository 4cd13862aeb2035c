using Interp.Models.Tokenization.Normalization;

namespace Interp.Models.Tokenization.Decoding;

/// <summary>SentencePiece's way back: marks are spaces, save those that encoding put at the start; the unknown token has its own spelling.</summary>
internal sealed class SentencePieceDecoder : IDecoder
{
    private readonly string _unknown;
    private readonly string _unknownSurface;
    private readonly bool _addsPrefix;
    private readonly bool _removesExtra;

    /// <param name="unknown">The unknown piece.</param>
    /// <param name="unknownSurface">How it is written out.</param>
    /// <param name="addsPrefix">Whether encoding puts a mark first: the first piece loses it.</param>
    /// <param name="removesExtra">Whether encoding removes spaces at the start: each piece loses one until there is text.</param>
    public SentencePieceDecoder(string unknown, string unknownSurface, bool addsPrefix, bool removesExtra)
    {
        _unknown = unknown;
        _unknownSurface = unknownSurface;
        _addsPrefix = addsPrefix;
        _removesExtra = removesExtra;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Apply(IReadOnlyList<string> tokens)
    {
        var texts = new string[tokens.Count];
        var atStart = _addsPrefix || _removesExtra;
        for (var i = 0; i < texts.Length; i++)
        {
            var piece = tokens[i] == _unknown ? _unknownSurface : tokens[i];
            if (atStart && piece.StartsWith(SentencePieceSpaces.Mark, StringComparison.Ordinal))
            {
                piece = piece[SentencePieceSpaces.Mark.Length..];
                atStart = _removesExtra;
            }

            atStart &= piece.Length == 0;
            texts[i] = piece.Replace(SentencePieceSpaces.Mark, " ", StringComparison.Ordinal);
        }

        return texts;
    }
}
