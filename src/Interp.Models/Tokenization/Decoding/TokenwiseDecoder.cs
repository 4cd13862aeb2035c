namespace Interp.Models.Tokenization.Decoding;

/// <summary>A decoder that rewrites each token by itself: `Replace`, `Strip`, `Metaspace`, `WordPiece`, `BPEDecoder`.</summary>
internal sealed class TokenwiseDecoder : IDecoder
{
    private readonly Func<string, int, int, string> _rewrite;

    /// <param name="rewrite">What a token becomes, by its text, its index and the number of tokens.</param>
    public TokenwiseDecoder(Func<string, int, int, string> rewrite)
    {
        _rewrite = rewrite;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Apply(IReadOnlyList<string> tokens)
    {
        var texts = new string[tokens.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = _rewrite(tokens[i], i, texts.Length);
        }

        return texts;
    }
}
