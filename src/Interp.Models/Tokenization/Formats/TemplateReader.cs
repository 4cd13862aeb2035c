namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads `post_processor` of tokenizer.json.</summary>
internal static class TemplateReader
{
    /// <summary>The template for one text; an empty one where there is none.</summary>
    public static TokenTemplate Read(JsonPart? part) => part is { } found ? Read(found) : TokenTemplate.Empty;

    private static TokenTemplate Read(JsonPart part)
    {
        var type = part.Type;
        switch (type)
        {
            case "Sequence":
                part.AllowOnly("type", "processors");
                return part.Get("processors").Items().Select(Read)
                    .Aggregate(TokenTemplate.Empty, (inner, outer) => inner.Within(outer));
            case "ByteLevel":
                part.AllowOnly("type", "add_prefix_space", "trim_offsets", "use_regex");
                return TokenTemplate.Empty;
            case "BertProcessing" or "RobertaProcessing":
                part.AllowOnly("type", "sep", "cls", "trim_offsets", "add_prefix_space");
                return new TokenTemplate([Pair(part.Get("cls"))], [Pair(part.Get("sep"))]);
            case "TemplateProcessing":
                part.AllowOnly("type", "single", "pair", "special_tokens");
                return Template(part);
            default:
                throw part.Wrong($"post-processor '{type}' is not supported: use a tokenizer with one of Sequence, ByteLevel, BertProcessing, RobertaProcessing, TemplateProcessing");
        }
    }

    private static int Pair(JsonPart part)
    {
        JsonPart[] values = [.. part.Items()];
        return values.Length == 2 ? values[1].AsNumber() : throw part.Wrong($"expected a token and its id, found {values.Length} values");
    }

    private static TokenTemplate Template(JsonPart part)
    {
        var (before, after) = (new List<int>(), new List<int>());
        var texts = 0;
        foreach (var entry in part.Get("single").Items())
        {
            entry.AllowOnly("Sequence", "SpecialToken");
            if (entry.Find("SpecialToken") is { } special)
            {
                (texts == 0 ? before : after).AddRange(Ids(part, special));
            }
            else if (entry.Get("Sequence").Text("id") != "A" || texts++ > 0)
            {
                throw entry.Wrong("the template for one text holds another text than A, or A twice");
            }
        }

        return texts == 1 ? new TokenTemplate(before, after) : throw part.Wrong("the template for one text lacks the text A");
    }

    private static IEnumerable<int> Ids(JsonPart part, JsonPart special)
    {
        var name = special.Text("id");
        foreach (var (key, value) in part.Get("special_tokens").Properties())
        {
            if (key == name)
            {
                return [.. value.Get("ids").Items().Select(id => id.AsNumber())];
            }
        }

        throw special.Wrong($"special token '{name}' is not in special_tokens");
    }
}
