namespace Interp.Models.Tokenization;

/// <summary>Writes other text where a pattern matches.</summary>
internal static class ReplacedText
{
    /// <summary>The text with every match replaced; what is written stands for the source of the match.</summary>
    public static AlignedText Replace(AlignedText text, ITextPattern pattern, string content)
    {
        AlignedTextBuilder? builder = null;
        var at = 0;
        foreach (var (start, end) in pattern.Matches(text.Text))
        {
            if (end > start)
            {
                builder ??= new AlignedTextBuilder(text);
                builder.Keep(at, start);
                builder.Replace(start, end, content);
                at = end;
            }
        }

        builder?.Keep(at, text.Text.Length);
        return builder is null ? text : builder.Build();
    }
}
