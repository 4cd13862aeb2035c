namespace Interp.Models.Tokenization.Splitting;

/// <summary>`Split`, `Whitespace`: cuts where a pattern matches.</summary>
internal sealed class PatternSplitter : ISplitter
{
    private readonly ITextPattern _pattern;
    private readonly SplitBehavior _behavior;
    private readonly bool _invert;

    public PatternSplitter(ITextPattern pattern, SplitBehavior behavior, bool invert)
    {
        _pattern = pattern;
        _behavior = behavior;
        _invert = invert;
    }

    /// <inheritdoc/>
    public void Split(AlignedText text, List<AlignedText> pieces) =>
        Delimiters.Cut(text, _pattern.Matches(text.Text), _behavior, _invert, pieces);
}
