using System.Buffers;
using System.Text;

namespace Interp.Models.Tokenization;

/// <summary>Rewrites a pattern of Oniguruma's Ruby syntax, which tokenizer files use, as a .NET pattern of the same meaning.</summary>
/// <remarks>
/// Possessive `x*+`, `x++`, `x?+` become atomic groups; `x{2}+` is a repeated repeat, as in Ruby; `{,3}` is `{0,3}`; `\w` takes
/// all marks and letter numbers; a class inside a class is flattened. What has no equal (`&amp;&amp;`, negated and POSIX classes inside
/// classes) is an error.
/// </remarks>
internal static class OnigurumaSyntax
{
    private static readonly SearchValues<char> s_intervalCharacters = SearchValues.Create("0123456789,");

    /// <summary>Translates a pattern.</summary>
    /// <exception cref="TokenizerException">A construct has no equal.</exception>
    public static string Translate(string pattern, string source)
    {
        var output = new StringBuilder(pattern.Length + 16);
        var groups = new Stack<int>();
        var atom = 0;
        for (var i = 0; i < pattern.Length;)
        {
            switch (pattern[i])
            {
                case '\\':
                    atom = output.Length;
                    i = CopyEscape(pattern, i, output, inClass: false);
                    break;
                case '[':
                    atom = output.Length;
                    i = CopyClass(pattern, i, output, source);
                    break;
                case '(':
                    groups.Push(output.Length);
                    i = Copy(pattern, i, 1, output);
                    break;
                case ')':
                    atom = groups.Count > 0 ? groups.Pop() : output.Length;
                    i = Copy(pattern, i, 1, output);
                    break;
                case '*' or '+' or '?' when i > 0 && pattern[i - 1] != '(':
                    i = CopyQuantifier(pattern, i, 1, atom, output);
                    break;
                case '{' when IntervalLength(pattern, i) is > 0 and var length:
                    i = CopyQuantifier(pattern, i, length, atom, output);
                    break;
                default:
                    atom = output.Length;
                    i = char.IsSurrogate(pattern[i])
                        ? throw new TokenizerException($"{source}: the pattern '{pattern}' names a character outside the basic plane, which is not supported: write it by its category")
                        : Copy(pattern, i, 1, output);
                    break;
            }
        }

        return output.ToString();
    }

    private static int Copy(string pattern, int at, int length, StringBuilder output)
    {
        _ = output.Append(pattern, at, length);
        return at + length;
    }

    private static int CopyEscape(string pattern, int at, StringBuilder output, bool inClass)
    {
        if (at + 1 >= pattern.Length)
        {
            return Copy(pattern, at, 1, output);
        }

        if (pattern[at + 1] == 'w')
        {
            _ = output.Append(inClass ? UnicodeClasses.WordClass : $"[{UnicodeClasses.WordClass}]");
            return at + 2;
        }

        if (pattern[at + 1] == 'W' && !inClass)
        {
            _ = output.Append('[').Append('^').Append(UnicodeClasses.WordClass).Append(']');
            return at + 2;
        }

        var close = pattern[at + 1] is 'p' or 'P' && at + 2 < pattern.Length && pattern[at + 2] == '{' ? pattern.IndexOf('}', at) : -1;
        return Copy(pattern, at, close < 0 ? 2 : close + 1 - at, output);
    }

    private static int CopyClass(string pattern, int at, StringBuilder output, string source)
    {
        var i = Copy(pattern, at, at + 1 < pattern.Length && pattern[at + 1] == '^' ? 2 : 1, output);
        var depth = 1;
        for (var first = true; i < pattern.Length; first = false)
        {
            if (IsBeyondUnion(pattern, i))
            {
                throw new TokenizerException($"{source}: the pattern '{pattern}' holds a class with '{pattern[i]}' at {i}, which is not supported: write the class without intersections, negated or named classes inside, \\W or characters outside the basic plane");
            }

            if (pattern[i] == '\\')
            {
                i = CopyEscape(pattern, i, output, inClass: true);
            }
            else if (pattern[i] == '[')
            {
                // A class inside a class adds its characters.
                depth++;
                i++;
            }
            else if (pattern[i] == ']' && !first && --depth > 0)
            {
                i++;
            }
            else
            {
                var closes = depth == 0;
                i = Copy(pattern, i, 1, output);
                if (closes)
                {
                    return i;
                }
            }
        }

        return i;
    }

    private static bool IsBeyondUnion(string pattern, int at)
    {
        var next = at + 1 < pattern.Length ? pattern[at + 1] : ' ';
        return pattern[at] switch
        {
            '[' => next is '^' or ':' or ']' or '[' or '-' || pattern[at - 1] == '-',
            ']' => next == '-',
            '&' => next == '&',
            '\\' => next == 'W',
            var other => char.IsSurrogate(other),
        };
    }

    private static int CopyQuantifier(string pattern, int at, int length, int atom, StringBuilder output)
    {
        var quantifier = pattern.Substring(at, length).Replace("{,", "{0,", StringComparison.Ordinal);
        _ = output.Append(quantifier);
        at += length;
        if (at < pattern.Length && pattern[at] == '+')
        {
            _ = output.Insert(atom, length == 1 ? "(?>" : "(?:").Append(length == 1 ? ")" : ")+");
            return at + 1;
        }

        if (at < pattern.Length && pattern[at] == '?')
        {
            return Copy(pattern, at, 1, output);
        }

        return at;
    }

    // The length of `{2}`, `{2,}`, `{,3}` or `{2,3}`, or 0 where the brace stands for itself.
    private static int IntervalLength(string pattern, int at)
    {
        var close = pattern.IndexOf('}', at);
        if (close <= at + 1)
        {
            return 0;
        }

        var inside = pattern.AsSpan(at + 1, close - at - 1);
        return inside.IndexOfAnyExcept(s_intervalCharacters) < 0 && inside.Count(',') <= 1 && inside.IndexOfAnyInRange('0', '9') >= 0
            ? close + 1 - at
            : 0;
    }
}
