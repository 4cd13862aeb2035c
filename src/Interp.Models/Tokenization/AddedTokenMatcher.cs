using System.Buffers;
using System.Text;

namespace Interp.Models.Tokenization;

/// <summary>Finds added tokens in a text: leftmost first, the longest among those that start at one place.</summary>
/// <remarks>
/// Same cuts as `tokenizer/added_vocabulary.rs` of huggingface/tokenizers, also where it finds a token of white space again in the white
/// space that the token before took in.
/// </remarks>
internal sealed class AddedTokenMatcher
{
    private readonly Dictionary<char, (string Text, AddedToken Token)[]> _byFirst = [];
    private readonly SearchValues<char> _firsts;

    /// <param name="tokens">The tokens with the text to look for.</param>
    public AddedTokenMatcher(IEnumerable<(string Text, AddedToken Token)> tokens)
    {
        foreach (var group in tokens.Where(entry => entry.Text.Length > 0).GroupBy(entry => entry.Text[0]))
        {
            _byFirst[group.Key] = [.. group.OrderByDescending(entry => entry.Text.Length)];
        }

        _firsts = SearchValues.Create(_byFirst.Keys.ToArray());
    }

    /// <summary>Cuts a text into added tokens and the parts between them, in order.</summary>
    public IEnumerable<(int Start, int End, AddedToken? Token)> Cut(string text)
    {
        var done = 0;
        for (var at = NextStart(text, 0); at >= 0;)
        {
            if (Longest(text, at) is not { } match)
            {
                at = NextStart(text, at + 1);
                continue;
            }

            var (start, end) = (at, at + match.Text.Length);
            at = NextStart(text, end);
            if (match.Token.IsSingleWord && TouchesWord(text, start, end))
            {
                continue;
            }

            start = match.Token.TakesSpaceBefore ? Math.Max(done, BeforeSpace(text, start)) : start;
            end = match.Token.TakesSpaceAfter ? AfterSpace(text, end) : end;
            if (done < start)
            {
                yield return (done, start, null);
            }

            yield return (start, end, match.Token);
            done = end;
        }

        if (done < text.Length)
        {
            yield return (done, text.Length, null);
        }
    }

    private int NextStart(string text, int from)
    {
        var offset = from >= text.Length ? -1 : text.AsSpan(from).IndexOfAny(_firsts);
        return offset < 0 ? -1 : from + offset;
    }

    private (string Text, AddedToken Token)? Longest(string text, int at)
    {
        foreach (var entry in _byFirst[text[at]])
        {
            if (text.AsSpan(at).StartsWith(entry.Text, StringComparison.Ordinal))
            {
                return entry;
            }
        }

        return null;
    }

    private static bool TouchesWord(string text, int start, int end)
    {
        var before = start > 0 && Rune.DecodeLastFromUtf16(text.AsSpan(0, start), out var last, out _) == OperationStatus.Done
            && UnicodeClasses.IsWord(last);
        return before || (end < text.Length && Rune.DecodeFromUtf16(text.AsSpan(end), out var next, out _) == OperationStatus.Done
            && UnicodeClasses.IsWord(next));
    }

    private static int BeforeSpace(string text, int start)
    {
        while (start > 0 && char.IsWhiteSpace(text[start - 1]))
        {
            start--;
        }

        return start;
    }

    private static int AfterSpace(string text, int end)
    {
        while (end < text.Length && char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return end;
    }
}
