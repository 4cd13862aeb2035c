using System.Text;
using Interp.Models.Tokenization.Splitting;

namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads `pre_tokenizer` of tokenizer.json.</summary>
internal static class SplitterReader
{
    private const string WordOrSigns = @"\w+|[^\w\s]+";

    /// <summary>The splitter, or null where there is none.</summary>
    public static ISplitter? Read(JsonPart? part) => part is { } found ? Read(found) : null;

    private static ISplitter Read(JsonPart part)
    {
        var type = part.Type;
        part.AllowOnly(Names(type));
        return type switch
        {
            "Sequence" => new SplitterSequence([.. part.Get("pretokenizers").Items().Select(Read)]),
            "ByteLevel" => ByteLevel(part),
            "Split" => new PatternSplitter(PatternReader.Read(part.Get("pattern")), Behavior(part, null), part.Flag("invert", false)),
            "Metaspace" => Metaspace(part),
            "Whitespace" => new PatternSplitter(new RegexPattern(WordOrSigns, part.Place), SplitBehavior.Removed, invert: true),
            "WhitespaceSplit" => new CharacterSplitter(Rune.IsWhiteSpace, SplitBehavior.Removed),
            "Digits" => new CharacterSplitter(
                UnicodeClasses.IsNumber, part.Flag("individual_digits", false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
            "Punctuation" => new CharacterSplitter(UnicodeClasses.IsPunctuation, Behavior(part, SplitBehavior.Isolated)),
            "CharDelimiterSplit" => Delimiter(part.Text("delimiter"), part),
            "BertPreTokenizer" => new SplitterSequence(
            [
                new CharacterSplitter(Rune.IsWhiteSpace, SplitBehavior.Removed),
                new CharacterSplitter(UnicodeClasses.IsPunctuation, SplitBehavior.Isolated),
            ]),
            _ => throw part.Wrong($"pre-tokenizer '{type}' is not supported: use a tokenizer with one of Sequence, ByteLevel, Split, Metaspace, Whitespace, WhitespaceSplit, Digits, Punctuation, CharDelimiterSplit, BertPreTokenizer"),
        };
    }

    private static string[] Names(string type) => type switch
    {
        "Sequence" => ["type", "pretokenizers"],
        "ByteLevel" => ["type", "add_prefix_space", "trim_offsets", "use_regex"],
        "Split" => ["type", "pattern", "behavior", "invert"],
        "Metaspace" => ["type", "replacement", "str_rep", "add_prefix_space", "prepend_scheme", "split"],
        "Digits" => ["type", "individual_digits"],
        "Punctuation" => ["type", "behavior"],
        "CharDelimiterSplit" => ["type", "delimiter"],
        _ => ["type"],
    };

    private static ByteLevelSplitter ByteLevel(JsonPart part) => new(
        part.Flag("add_prefix_space", true),
        part.Flag("use_regex", true) ? new RegexPattern(ByteLevelSplitter.Pattern, part.Place) : null);

    private static MetaspaceSplitter Metaspace(JsonPart part) =>
        new(part.Text("replacement", "\u2581"), PrefixSchemeReader.Read(part), part.Flag("split", true));

    private static CharacterSplitter Delimiter(string delimiter, JsonPart part)
    {
        if (!Rune.TryGetRuneAt(delimiter, 0, out var rune) || rune.Utf16SequenceLength != delimiter.Length)
        {
            throw part.Wrong($"the delimiter '{delimiter}' is not one character");
        }

        return new CharacterSplitter(other => other == rune, SplitBehavior.Removed);
    }

    private static SplitBehavior Behavior(JsonPart part, SplitBehavior? absent)
    {
        if (absent is { } known && part.Find("behavior") is null)
        {
            return known;
        }

        var name = part.Text("behavior");
        return Enum.TryParse<SplitBehavior>(name, ignoreCase: false, out var behavior) && !char.IsDigit(name[0])
            ? behavior
            : throw part.Wrong($"split behaviour '{name}' is not one of {string.Join(", ", Enum.GetNames<SplitBehavior>())}");
    }
}
