using System.Text.Json;
using System.Text.RegularExpressions;
using Interp.Models.Tokenization;
using Interp.Models.Tokenization.Decoding;
using Interp.Models.Tokenization.Segmentation;
using Interp.Models.Tokenization.Splitting;

namespace Interp.Models.Training.Calendar;

/// <summary>
/// A tokenizer of whole words: text is cut by GPT-2's pattern, so that a word carries the space before it as GPT-2's do, and each
/// piece is one token.
/// </summary>
internal static class CalendarTokenizer
{
    /// <summary>What every text begins with.</summary>
    public const string Begin = "<|endoftext|>";

    private const string Unknown = "<|unknown|>";

    /// <summary>The vocabulary of texts: the two special tokens, then every piece in ordinal order.</summary>
    public static IReadOnlyDictionary<string, int> Vocabulary(IEnumerable<string> texts)
    {
        var pieces = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            // The text is ASCII, of which the byte-level alphabet changes the space and the line feed only.
            pieces.UnionWith(from Match match in Regex.Matches(text, ByteLevelSplitter.Pattern) select match.Value.Replace(' ', 'Ġ').Replace('\n', 'Ċ'));
        }

        return new[] { Begin, Unknown }.Concat(pieces).Select((piece, id) => (piece, id)).ToDictionary(pair => pair.piece, pair => pair.id, StringComparer.Ordinal);
    }

    /// <summary>The tokenizer of a vocabulary.</summary>
    public static Tokenizer Create(IReadOnlyDictionary<string, int> vocabulary)
    {
        const string Source = "the calendar's words";
        AddedToken[] added = [new(vocabulary[Begin], Begin) { IsSpecial = true }, new(vocabulary[Unknown], Unknown) { IsSpecial = true }];
        var pipeline = new TokenPipeline(
            new WordLevelSegmenter(new Vocabulary(new Dictionary<string, int>(vocabulary)), vocabulary[Unknown], Source),
            null,
            new ByteLevelSplitter(addPrefixSpace: false, new RegexPattern(ByteLevelSplitter.Pattern, Source)),
            new ByteLevelDecoder(),
            new TokenTemplate([vocabulary[Begin]], []),
            added);
        return new Tokenizer(pipeline, Tokenization.Formats.TokenizerSettings.None, Source);
    }

    /// <summary>The content of <c>tokenizer.json</c>.</summary>
    public static object Json(IReadOnlyDictionary<string, int> vocabulary)
    {
        object Added(string content) => new
        {
            id = vocabulary[content], content, single_word = false, lstrip = false, rstrip = false, normalized = false, special = true,
        };
        var byteLevel = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = true };
        var begin = new Dictionary<string, object> { ["SpecialToken"] = new { id = Begin, type_id = 0 } };
        Dictionary<string, object> Sequence(string id, int type) => new() { ["Sequence"] = new { id, type_id = type } };
        return new
        {
            version = "1.0",
            truncation = (object?)null,
            padding = (object?)null,
            added_tokens = new[] { Added(Begin), Added(Unknown) },
            normalizer = (object?)null,
            pre_tokenizer = byteLevel,
            post_processor = new
            {
                type = "TemplateProcessing",
                single = new[] { begin, Sequence("A", 0) },
                pair = new[] { begin, Sequence("A", 0), Sequence("B", 1) },
                special_tokens = new Dictionary<string, object> { [Begin] = new { id = Begin, ids = new[] { vocabulary[Begin] }, tokens = new[] { Begin } } },
            },
            decoder = byteLevel,
            model = new { type = "WordLevel", vocab = vocabulary.OrderBy(entry => entry.Value).ToDictionary(), unk_token = Unknown },
        };
    }

    /// <summary>The content of <c>tokenizer_config.json</c>.</summary>
    public static object Settings { get; } = new { tokenizer_class = "PreTrainedTokenizerFast", bos_token = Begin, eos_token = Begin, unk_token = Unknown };

    /// <summary>How JSON is written: with `Ġ` as itself.</summary>
    public static JsonSerializerOptions Options { get; } = new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
