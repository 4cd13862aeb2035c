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
        return _addsPrefix ? PrefixedText.Prepend(spaced, _space) : spaced;
    }

    private static AlignedText RemoveExtra(AlignedText from)
    {
        var text = from.Text;
        var (start, end) = (0, text.Length);
        while (start < end && text[start] == ' ')
        {
            start++;
        }

        while (end > start && text[end - 1] == ' ')
        {
            end--;
        }

        var part = from.Slice(start, end);
        return part.Text.Contains("  ", StringComparison.Ordinal) ? ReplacedText.Replace(part, s_runs, " ") : part;
    }
}
