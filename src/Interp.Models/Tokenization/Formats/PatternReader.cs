namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads a pattern: `{"String": …}`, `{"Regex": …}` or a bare text.</summary>
internal static class PatternReader
{
    /// <summary>The pattern.</summary>
    public static ITextPattern Read(JsonPart part)
    {
        if (part.Kind == System.Text.Json.JsonValueKind.String)
        {
            return new LiteralPattern(part.AsText());
        }

        part.AllowOnly("String", "Regex");
        return part.Find("String") is { } literal
            ? new LiteralPattern(literal.AsText())
            : new RegexPattern(part.Text("Regex"), part.Place);
    }
}
