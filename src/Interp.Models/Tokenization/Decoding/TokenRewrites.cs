namespace Interp.Models.Tokenization.Decoding;

/// <summary>What single decoders make of a token.</summary>
internal static class TokenRewrites
{
    /// <summary>`Strip`: drops up to <paramref name="start"/> and <paramref name="stop"/> copies of a text at the ends.</summary>
    public static string Strip(string token, string content, int start, int stop)
    {
        for (; start > 0 && token.StartsWith(content, StringComparison.Ordinal); start--)
        {
            token = token[content.Length..];
        }

        for (; stop > 0 && token.EndsWith(content, StringComparison.Ordinal); stop--)
        {
            token = token[..^content.Length];
        }

        return token;
    }

    /// <summary>`Metaspace`: the mark is a space, except the first token's, which was put there.</summary>
    public static string Metaspace(string token, int index, string mark, bool dropsFirst)
    {
        if (index == 0 && dropsFirst && token.StartsWith(mark, StringComparison.Ordinal))
        {
            token = token[mark.Length..];
        }

        return token.Replace(mark, " ", StringComparison.Ordinal);
    }

    /// <summary>`WordPiece`: a token without the prefix starts a new word.</summary>
    public static string WordPiece(string token, int index, string prefix, bool cleansUp)
    {
        if (index > 0)
        {
            token = token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        }

        return cleansUp ? CleanUp(token) : token;
    }

    /// <summary>`BPEDecoder`: the suffix ends a word.</summary>
    public static string Suffix(string token, int index, int count, string suffix) =>
        token.Replace(suffix, index == count - 1 ? "" : " ", StringComparison.Ordinal);

    private static string CleanUp(string text)
    {
        ReadOnlySpan<(string From, string To)> rules =
        [
            (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
            (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
        ];
        foreach (var (from, to) in rules)
        {
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        return text;
    }
}
