namespace Interp.Models.Tokenization;

/// <summary>Puts text before a text.</summary>
internal static class PrefixedText
{
    /// <summary>The text behind a prefix that stands for the same source as the text's first character; an empty text stays empty.</summary>
    public static AlignedText Prepend(AlignedText text, string prefix)
    {
        if (text.Text.Length == 0)
        {
            return text;
        }

        var first = char.IsHighSurrogate(text.Text[0]) && text.Text.Length > 1 ? 2 : 1;
        var builder = new AlignedTextBuilder(text);
        builder.Replace(0, first, prefix + text.Text[..first]);
        builder.Keep(first, text.Text.Length);
        return builder.Build();
    }
}
