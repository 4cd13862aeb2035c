using System.Text;

namespace Interp.Models.Tokenization;

/// <summary>Builds the next stage of an <see cref="AlignedText"/> from parts of the stage before it.</summary>
internal sealed class AlignedTextBuilder
{
    private readonly AlignedText _from;
    private readonly StringBuilder _text;
    private readonly List<int> _starts;
    private readonly List<int> _ends;

    public AlignedTextBuilder(AlignedText from)
    {
        _from = from;
        _text = new StringBuilder(from.Text.Length + 8);
        _starts = new List<int>(from.Text.Length + 8);
        _ends = new List<int>(from.Text.Length + 8);
    }

    /// <summary>Takes over the units from <paramref name="start"/> up to <paramref name="end"/> one for one.</summary>
    public void Keep(int start, int end)
    {
        _text.Append(_from.Text, start, end - start);
        for (var i = start; i < end; i++)
        {
            _starts.Add(_from.StartOf(i));
            _ends.Add(_from.EndOf(i));
        }
    }

    /// <summary>Writes a text in place of the units from <paramref name="start"/> up to <paramref name="end"/>, which are not none.</summary>
    public void Replace(int start, int end, ReadOnlySpan<char> text)
    {
        var (first, last) = _from.SourceRange(start, end);
        _text.Append(text);
        for (var i = 0; i < text.Length; i++)
        {
            _starts.Add(first);
            _ends.Add(last);
        }
    }

    /// <summary>Writes one unit in place of the units from <paramref name="start"/> up to <paramref name="end"/>.</summary>
    public void Replace(int start, int end, char unit) => Replace(start, end, [unit]);

    /// <summary>The text built.</summary>
    public AlignedText Build() => AlignedText.Mapped(_text.ToString(), [.. _starts], [.. _ends]);
}
