using System.Text;

namespace Interp.Models.Tokenization.Splitting;

/// <summary>`Digits`, `Punctuation`, `WhitespaceSplit`, `CharDelimiterSplit`: cuts at each character of a class.</summary>
internal sealed class CharacterSplitter : ISplitter
{
    private readonly Predicate<Rune> _isDelimiter;
    private readonly SplitBehavior _behavior;

    public CharacterSplitter(Predicate<Rune> isDelimiter, SplitBehavior behavior)
    {
        _isDelimiter = isDelimiter;
        _behavior = behavior;
    }

    /// <inheritdoc/>
    public void Split(AlignedText text, List<AlignedText> pieces) =>
        Delimiters.Cut(text, Matches(text.Text), _behavior, invert: false, pieces);

    private IEnumerable<(int Start, int End)> Matches(string text)
    {
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (_isDelimiter(rune))
            {
                yield return (at, at + rune.Utf16SequenceLength);
            }

            at += rune.Utf16SequenceLength;
        }
    }
}
