namespace Interp.Models.Tokenization.Splitting;

/// <summary>`ByteLevel`: cuts by GPT-2's pattern, then writes each byte as a printable character.</summary>
internal sealed class ByteLevelSplitter : ISplitter
{
    /// <summary>GPT-2's pattern: contractions, words, numbers and signs with the space before them, and white space.</summary>
    public const string Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private readonly bool _addPrefixSpace;
    private readonly ITextPattern? _pattern;

    /// <param name="addPrefixSpace">Whether a text gets a space before it unless it starts with one.</param>
    /// <param name="pattern">GPT-2's pattern, or null where the text is cut already.</param>
    public ByteLevelSplitter(bool addPrefixSpace, ITextPattern? pattern)
    {
        _addPrefixSpace = addPrefixSpace;
        _pattern = pattern;
    }

    /// <inheritdoc/>
    public void Split(AlignedText text, List<AlignedText> pieces)
    {
        if (_addPrefixSpace && text.Text.Length > 0 && text.Text[0] != ' ')
        {
            text = PrefixedText.Prepend(text, " ");
        }

        List<AlignedText> words = [];
        if (_pattern is null)
        {
            words.Add(text);
        }
        else
        {
            Delimiters.Cut(text, _pattern.Matches(text.Text), SplitBehavior.Isolated, invert: false, words);
        }

        foreach (var word in words)
        {
            pieces.Add(ByteLevelAlphabet.Map(word));
        }
    }
}
