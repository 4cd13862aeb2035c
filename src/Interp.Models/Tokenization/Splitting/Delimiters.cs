namespace Interp.Models.Tokenization.Splitting;

/// <summary>Cuts a text where delimiters stand.</summary>
internal static class Delimiters
{
    /// <summary>Adds the pieces of a text whose delimiters are the given ranges, in order and apart.</summary>
    /// <param name="text">The text to cut.</param>
    /// <param name="delimiters">The ranges that the pattern matched.</param>
    /// <param name="behavior">What becomes of them.</param>
    /// <param name="invert">Whether the ranges are what to keep, and all between them delimiters.</param>
    /// <param name="pieces">Where the pieces go.</param>
    public static void Cut(
        AlignedText text, IEnumerable<(int Start, int End)> delimiters, SplitBehavior behavior, bool invert, List<AlignedText> pieces)
    {
        (int Start, int End, bool IsDelimiter)? open = null;
        foreach (var part in Tile(text.Text.Length, delimiters, invert))
        {
            if (open is { } before && Joins(before.IsDelimiter, part.IsDelimiter, behavior))
            {
                open = (before.Start, part.End, part.IsDelimiter);
                continue;
            }

            Close(open);
            open = part;
        }

        Close(open);

        void Close((int Start, int End, bool IsDelimiter)? part)
        {
            if (part is { } closed && closed.End > closed.Start && !(closed.IsDelimiter && behavior == SplitBehavior.Removed))
            {
                pieces.Add(text.Slice(closed.Start, closed.End));
            }
        }
    }

    private static bool Joins(bool previous, bool next, SplitBehavior behavior) => behavior switch
    {
        SplitBehavior.Contiguous => previous == next,
        SplitBehavior.MergedWithPrevious => next && !previous,
        SplitBehavior.MergedWithNext => previous && !next,
        _ => false,
    };

    private static IEnumerable<(int Start, int End, bool IsDelimiter)> Tile(int length, IEnumerable<(int Start, int End)> delimiters, bool invert)
    {
        var at = 0;
        foreach (var (start, end) in delimiters)
        {
            if (start > at)
            {
                yield return (at, start, invert);
            }

            yield return (start, end, !invert);
            at = end;
        }

        if (at < length)
        {
            yield return (at, length, invert);
        }
    }
}
