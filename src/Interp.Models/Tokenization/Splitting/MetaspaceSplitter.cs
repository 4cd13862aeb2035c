namespace Interp.Models.Tokenization.Splitting;

/// <summary>`Metaspace`: writes spaces as a mark, puts one before the text, and cuts before each mark.</summary>
internal sealed class MetaspaceSplitter : ISplitter
{
    private readonly string _mark;
    private readonly PrefixScheme _scheme;
    private readonly bool _cuts;

    public MetaspaceSplitter(string mark, PrefixScheme scheme, bool cuts)
    {
        _mark = mark;
        _scheme = scheme;
        _cuts = cuts;
    }

    /// <inheritdoc/>
    public void Split(AlignedText text, List<AlignedText> pieces)
    {
        text = ReplacedText.Replace(text, LiteralPattern.Space, _mark);
        var prefixes = _scheme == PrefixScheme.Always || (_scheme == PrefixScheme.First && text.SourceRange().Start == 0);
        if (prefixes && !text.Text.StartsWith(_mark, StringComparison.Ordinal))
        {
            text = PrefixedText.Prepend(text, _mark);
        }

        if (_cuts)
        {
            Delimiters.Cut(text, new LiteralPattern(_mark).Matches(text.Text), SplitBehavior.MergedWithNext, invert: false, pieces);
        }
        else
        {
            pieces.Add(text);
        }
    }
}
