using System.Text.Json;
using Interp.Models.Tokenization.Segmentation;

namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads `model` of tokenizer.json.</summary>
internal static class SegmenterReader
{
    /// <summary>The model; an absent `type` is told from the keys.</summary>
    public static ISegmenter Read(JsonPart part)
    {
        var type = part.Find("type")?.AsText() ?? Guess(part);
        return type switch
        {
            "BPE" => BytePair(part),
            "Unigram" => Unigram(part),
            "WordPiece" => WordPiece(part),
            "WordLevel" => WordLevel(part),
            _ => throw part.Wrong($"model '{type}' is not supported: use a tokenizer with one of BPE, Unigram, WordPiece, WordLevel"),
        };
    }

    private static string Guess(JsonPart part)
    {
        if (part.Find("merges") is not null)
        {
            return "BPE";
        }

        if (part.Get("vocab").Kind == JsonValueKind.Array)
        {
            return "Unigram";
        }

        return part.Find("max_input_chars_per_word") is not null
            ? "WordPiece"
            : throw part.Wrong("'type' is missing and the keys fit no model: add the type");
    }

    private static BytePairSegmenter BytePair(JsonPart part)
    {
        part.AllowOnly(
            "type", "vocab", "merges", "unk_token", "fuse_unk", "byte_fallback", "ignore_merges", "dropout",
            "continuing_subword_prefix", "end_of_word_suffix");
        if (part.Find("dropout") is { } dropout && dropout.AsReal() != 0)
        {
            throw dropout.Wrong("dropout makes ids random, which an analysis cannot use: set it to null");
        }

        var vocabulary = VocabularyReader.Read(part.Get("vocab"));
        var prefix = part.Text("continuing_subword_prefix", "");
        var options = new BytePairOptions
        {
            UnknownId = Unknown(part, vocabulary),
            FuseUnknown = part.Flag("fuse_unk", false),
            ByteFallback = part.Flag("byte_fallback", false),
            IgnoreMerges = part.Flag("ignore_merges", false),
            Prefix = prefix,
            Suffix = part.Text("end_of_word_suffix", ""),
        };
        var merges = part.Get("merges");
        return new BytePairSegmenter(
            vocabulary, RankedMerges.Create(vocabulary, [.. merges.Items().Select(merge => Merge(merge, vocabulary))], prefix, merges.Place), options);
    }

    private static (string Left, string Right) Merge(JsonPart part, Vocabulary vocabulary)
    {
        string[] parts = part.Kind == JsonValueKind.String
            ? part.AsText().Split(' ')
            : [.. part.Items().Select(item => item.AsText())];
        if (parts.Length == 2)
        {
            return (parts[0], parts[1]);
        }

        // Tokens with spaces inside: the one space that parts two tokens which join to a third.
        var text = part.Kind == JsonValueKind.String ? part.AsText() : "";
        (string Left, string Right)[] splits =
        [
            .. Enumerable.Range(0, text.Length).Where(at => text[at] == ' ').Select(at => (Left: text[..at], Right: text[(at + 1)..]))
                .Where(split => new[] { split.Left, split.Right, split.Left + split.Right }.All(token => vocabulary.IdOf(token) is not null)),
        ];
        return splits.Length == 1 ? splits[0] : throw part.Wrong($"expected two tokens with a space between, found {splits.Length} ways to read '{text}'");
    }

    private static UnigramSegmenter Unigram(JsonPart part)
    {
        part.AllowOnly("type", "vocab", "unk_id", "byte_fallback");
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var scores = new List<double>();
        foreach (var entry in part.Get("vocab").Items())
        {
            JsonPart[] pair = [.. entry.Items()];
            if (pair.Length != 2)
            {
                throw entry.Wrong($"expected a piece and its score, found {pair.Length} values");
            }

            // A repeated piece keeps its slot; text becomes the later id, as in the reference implementation.
            ids[pair[0].AsText()] = scores.Count;
            scores.Add(pair[1].AsReal());
        }

        var unknown = part.Find("unk_id")?.AsNumber();
        if (scores.Count == 0 || unknown >= scores.Count)
        {
            throw part.Wrong($"unk_id {unknown} is not among {scores.Count} pieces");
        }

        return new UnigramSegmenter(new Vocabulary(ids), new UnigramOptions
        {
            Scores = scores,
            LowestScore = scores.Min(),
            Matchable = ids.Values.ToHashSet(),
            UnknownId = unknown,
            ByteFallback = part.Flag("byte_fallback", false),
            Source = part.Place,
        });
    }

    private static WordPieceSegmenter WordPiece(JsonPart part)
    {
        part.AllowOnly("type", "vocab", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word");
        var vocabulary = VocabularyReader.Read(part.Get("vocab"));
        var unknown = part.Text("unk_token", "[UNK]");
        return new WordPieceSegmenter(
            vocabulary,
            vocabulary.IdOf(unknown) ?? throw part.Wrong($"the unknown token '{unknown}' is not in the vocabulary"),
            part.Text("continuing_subword_prefix", "##"),
            part.Find("max_input_chars_per_word")?.AsNumber() ?? 100);
    }

    private static WordLevelSegmenter WordLevel(JsonPart part)
    {
        part.AllowOnly("type", "vocab", "unk_token");
        var vocabulary = VocabularyReader.Read(part.Get("vocab"));
        return new WordLevelSegmenter(vocabulary, part.Find("unk_token") is { } token ? vocabulary.IdOf(token.AsText()) : null, part.Place);
    }

    private static int? Unknown(JsonPart part, Vocabulary vocabulary) => part.Find("unk_token") is { } token
        ? vocabulary.IdOf(token.AsText()) ?? throw token.Wrong($"the unknown token '{token.AsText()}' is not in the vocabulary")
        : null;
}
