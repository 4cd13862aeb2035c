namespace Interp.Models.Tokenization;

/// <summary>A text under way through normalisation that knows, for each of its UTF-16 units, which part of the source it came from.</summary>
internal sealed class AlignedText
{
    private readonly int[]? _starts;
    private readonly int[]? _ends;
    private readonly int _origin;

    private AlignedText(string text, int[]? starts, int[]? ends, int origin)
    {
        Text = text;
        _starts = starts;
        _ends = ends;
        _origin = origin;
    }

    /// <summary>The text as it now reads.</summary>
    public string Text { get; }

    /// <summary>The source text itself.</summary>
    public static AlignedText Source(string text) => new(text, null, null, 0);

    /// <summary>A text with a source range for each unit.</summary>
    public static AlignedText Mapped(string text, int[] starts, int[] ends) => new(text, starts, ends, 0);

    /// <summary>Where the source part of the unit at the index starts.</summary>
    public int StartOf(int index) => _starts is null ? _origin + index : _starts[_origin + index];

    /// <summary>Where the source part of the unit at the index ends.</summary>
    public int EndOf(int index) => _ends is null ? _origin + index + 1 : _ends[_origin + index];

    /// <summary>The part from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public AlignedText Slice(int start, int end) =>
        start == 0 && end == Text.Length ? this : new(Text[start..end], _starts, _ends, _origin + start);

    /// <summary>Another text of the same length whose units come from the same places.</summary>
    public AlignedText Respelled(string text) => new(text, _starts, _ends, _origin);

    /// <summary>The source range of the part from <paramref name="start"/> up to <paramref name="end"/>, which is not empty.</summary>
    public (int Start, int End) SourceRange(int start, int end)
    {
        var first = StartOf(start);
        return (first, Math.Max(first, EndOf(end - 1)));
    }

    /// <summary>The source range of the whole, or an empty one.</summary>
    public (int Start, int End) SourceRange() => Text.Length == 0 ? (0, 0) : SourceRange(0, Text.Length);
}
