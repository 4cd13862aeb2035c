namespace Interp.Models.Tokenization;

/// <summary>A pattern that is the text it looks for.</summary>
internal sealed class LiteralPattern : ITextPattern
{
    /// <summary>One space.</summary>
    public static readonly LiteralPattern Space = new(" ");

    public LiteralPattern(string literal)
    {
        Literal = literal;
    }

    /// <summary>The text.</summary>
    public string Literal { get; }

    /// <inheritdoc/>
    public IEnumerable<(int Start, int End)> Matches(string text)
    {
        if (Literal.Length == 0)
        {
            yield break;
        }

        for (var at = 0; (at = text.IndexOf(Literal, at, StringComparison.Ordinal)) >= 0; at += Literal.Length)
        {
            yield return (at, at + Literal.Length);
        }
    }
}
