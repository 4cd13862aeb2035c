namespace Interp.Models.Tokenization;

/// <summary>Writes other text where a pattern matches.</summary>
internal static class ReplacedText
{
    /// <summary>The text with every match replaced; what is written stands for the source of the match.</summary>
    public static AlignedText Replace(AlignedText text, ITextPattern pattern, string content)
    {
        if (pattern is LiteralPattern { Literal.Length: 1 } literal && content.Length == 1)
        {
            return text.Respelled(text.Text.Replace(literal.Literal[0], content[0]));
        }

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
