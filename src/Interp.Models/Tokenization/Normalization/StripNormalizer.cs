namespace Interp.Models.Tokenization.Normalization;

/// <summary>`Strip`: drops white space at the ends of a text.</summary>
internal sealed class StripNormalizer : INormalizer
{
    private readonly bool _left;
    private readonly bool _right;

    public StripNormalizer(bool left, bool right)
    {
        _left = left;
        _right = right;
    }

    /// <inheritdoc/>
    public AlignedText Apply(AlignedText text)
    {
        var (start, end) = (0, text.Text.Length);
        while (_left && start < end && char.IsWhiteSpace(text.Text[start]))
        {
            start++;
        }

        while (_right && end > start && char.IsWhiteSpace(text.Text[end - 1]))
        {
            end--;
        }

        return text.Slice(start, end);
    }
}
