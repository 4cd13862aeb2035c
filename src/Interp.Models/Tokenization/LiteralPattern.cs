namespace Interp.Models.Tokenization;

/// <summary>A pattern that is the text it looks for.</summary>
internal sealed class LiteralPattern : ITextPattern
{
    /// <summary>One space.</summary>
    public static readonly LiteralPattern Space = new(" ");

    private readonly string _literal;

    public LiteralPattern(string literal)
    {
        _literal = literal;
    }

    /// <inheritdoc/>
    public IEnumerable<(int Start, int End)> Matches(string text)
    {
        if (_literal.Length == 0)
        {
            yield break;
        }

        for (var at = 0; (at = text.IndexOf(_literal, at, StringComparison.Ordinal)) >= 0; at += _literal.Length)
        {
            yield return (at, at + _literal.Length);
        }
    }
}
