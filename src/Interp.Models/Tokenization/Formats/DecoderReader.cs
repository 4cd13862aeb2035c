using Interp.Models.Tokenization.Decoding;
using Interp.Models.Tokenization.Splitting;

namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads `decoder` of tokenizer.json.</summary>
internal static class DecoderReader
{
    /// <summary>The decoder; without one, tokens are joined by spaces.</summary>
    public static IDecoder Read(JsonPart? part) => part is { } found ? Read(found) : new FuseDecoder(" ");

    private static IDecoder Read(JsonPart part)
    {
        var type = part.Type;
        part.AllowOnly(Names(type));
        return type switch
        {
            "Sequence" => new DecoderSequence([.. part.Get("decoders").Items().Select(Read)]),
            "ByteLevel" => new ByteLevelDecoder(),
            "ByteFallback" => new ByteFallbackDecoder(),
            "Fuse" => new FuseDecoder(),
            "Strip" => Strip(part),
            "Replace" => Replace(part),
            "Metaspace" => Metaspace(part),
            "WordPiece" => WordPiece(part),
            "BPEDecoder" => Suffix(part.Text("suffix", "</w>")),
            _ => throw part.Wrong($"decoder '{type}' is not supported: use a tokenizer with one of Sequence, ByteLevel, ByteFallback, Fuse, Strip, Replace, Metaspace, WordPiece, BPEDecoder"),
        };
    }

    private static string[] Names(string type) => type switch
    {
        "Sequence" => ["type", "decoders"],
        "ByteLevel" => ["type", "add_prefix_space", "trim_offsets", "use_regex"],
        "Strip" => ["type", "content", "start", "stop"],
        "Replace" => ["type", "pattern", "content"],
        "Metaspace" => ["type", "replacement", "str_rep", "add_prefix_space", "prepend_scheme", "split"],
        "WordPiece" => ["type", "prefix", "cleanup"],
        "BPEDecoder" => ["type", "suffix"],
        _ => ["type"],
    };

    private static TokenwiseDecoder Strip(JsonPart part)
    {
        var (content, start, stop) = (part.Text("content"), part.Number("start"), part.Number("stop"));
        return new TokenwiseDecoder((token, _, _) => TokenRewrites.Strip(token, content, start, stop));
    }

    private static TokenwiseDecoder Replace(JsonPart part)
    {
        var (pattern, content) = (PatternReader.Read(part.Get("pattern")), part.Text("content"));
        return new TokenwiseDecoder((token, _, _) => ReplacedText.Replace(AlignedText.Source(token), pattern, content).Text);
    }

    private static TokenwiseDecoder Metaspace(JsonPart part)
    {
        var (mark, drops) = (part.Text("replacement", "\u2581"), PrefixSchemeReader.Read(part) != PrefixScheme.Never);
        return new TokenwiseDecoder((token, index, _) => TokenRewrites.Metaspace(token, index, mark, drops));
    }

    private static TokenwiseDecoder WordPiece(JsonPart part)
    {
        var (prefix, cleansUp) = (part.Text("prefix", "##"), part.Flag("cleanup", true));
        return new TokenwiseDecoder((token, index, _) => TokenRewrites.WordPiece(token, index, prefix, cleansUp));
    }

    private static TokenwiseDecoder Suffix(string suffix) =>
        new((token, index, count) => TokenRewrites.Suffix(token, index, count, suffix));
}
