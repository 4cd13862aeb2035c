using System.Text;
using System.Text.RegularExpressions;

namespace Interp.Models.Tokenization;

/// <summary>A regular expression of a tokenizer file, matched by code points as its authors meant it.</summary>
/// <remarks>
/// .NET matches UTF-16 units, so that `\p{L}` misses letters outside the basic plane. A text with such characters is
/// matched in a shadow in which each is replaced by one character of the same general category.
/// </remarks>
internal sealed class RegexPattern : ITextPattern
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private readonly Regex _regex;
    private readonly string _source;

    /// <param name="pattern">The pattern in Oniguruma's syntax.</param>
    /// <param name="source">What to name in an error.</param>
    /// <exception cref="TokenizerException">The pattern uses what .NET's expressions lack.</exception>
    public RegexPattern(string pattern, string source)
    {
        _source = source;
        var translated = OnigurumaSyntax.Translate(pattern, source);
        try
        {
            _regex = new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.Compiled | RegexOptions.Multiline, s_timeout);
        }
        catch (ArgumentException failure)
        {
            throw new TokenizerException($"{source}: the pattern '{pattern}' is not supported: {failure.Message}", failure);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<(int Start, int End)> Matches(string text)
    {
        var shadow = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? null : new AstralShadow(text);
        var matches = new List<(int Start, int End)>();
        try
        {
            foreach (var match in _regex.EnumerateMatches(shadow?.Text ?? text))
            {
                var (start, end) = (match.Index, match.Index + match.Length);
                matches.Add(shadow is null ? (start, end) : (shadow.IndexOf(start), shadow.IndexOf(end)));
            }
        }
        catch (RegexMatchTimeoutException failure)
        {
            throw new TokenizerException($"{_source}: the pattern took more than {s_timeout.TotalSeconds} s on one text of {text.Length} characters: cut the text into shorter ones", failure);
        }

        return matches;
    }
}
