namespace Interp.Models.Tokenization.Normalization;

/// <summary>SentencePiece's treatment of spaces: runs and ends removed, a mark put before the text, spaces written as marks.</summary>
internal sealed class SentencePieceSpaces : INormalizer
{
    /// <summary>The mark, `▁`.</summary>
    public const string Mark = "\u2581";

    private static readonly RegexPattern s_runs = new(" {2,}", "runs of spaces");

    private readonly bool _addsPrefix;
    private readonly bool _removesExtra;
    private readonly string _space;

    /// <param name="addsPrefix">`add_dummy_prefix`.</param>
    /// <param name="removesExtra">`remove_extra_whitespaces`.</param>
    /// <param name="escapes">`escape_whitespaces`: spaces become marks.</param>
    public SentencePieceSpaces(bool addsPrefix, bool removesExtra, bool escapes)
    {
        _addsPrefix = addsPrefix;
        _removesExtra = removesExtra;
        _space = escapes ? Mark : " ";
    }

    /// <inheritdoc/>
    public AlignedText Apply(AlignedText text)
    {
        var spaced = ReplacedText.Replace(_removesExtra ? RemoveExtra(text) : text, LiteralPattern.Space, _space);
        var prefixed = _addsPrefix ? PrefixedText.Prepend(spaced, _space) : spaced;
        return _removesExtra ? TrimEnd(prefixed) : prefixed;
    }

    private static AlignedText RemoveExtra(AlignedText text)
    {
        var start = 0;
        while (start < text.Text.Length && text.Text[start] == ' ')
        {
            start++;
        }

        return ReplacedText.Replace(text.Slice(start, text.Text.Length), s_runs, " ");
    }

    // Marks that stood in the text go too, and even the prefix where nothing else is left.
    private AlignedText TrimEnd(AlignedText text)
    {
        var end = text.Text.Length;
        while (end > 0 && text.Text[end - 1] == _space[0])
        {
            end--;
        }

        return text.Slice(0, end);
    }
}
