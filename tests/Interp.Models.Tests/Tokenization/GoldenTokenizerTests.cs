using Interp.Models.Tokenization;

namespace Interp.Models.Tests.Tokenization;

/// <summary>Small tokenizers of every kind against huggingface/tokenizers 0.23.2 and google/sentencepiece 0.1.97 (Data/tokenizers).</summary>
public sealed class GoldenTokenizerTests
{
    /// <summary>The small tokenizers of the checkout.</summary>
    public static TheoryData<string> Small =>
    [
        "byte-level", "prefix-space", "byte-fallback", "metaspace", "metaspace-whole", "unigram", "unigram-bytes", "wordpiece", "word-level",
        "word-ends", "model-bpe", "model-bpe-unknown", "model-unigram",
    ];

    /// <summary>Golden files of real tokenizers, their folder in the reference data and the file there.</summary>
    public static TheoryData<string, string, string> Real => new()
    {
        { "gpt2", "gpt2", "tokenizer.json" },
        { "gpt2", "gpt2", "vocab.json" },
        { "gpt-neox-20b", "gpt-neox-20b", "tokenizer.json" },
        { "phi-2", "phi-2", "tokenizer.json" },
        { "qwen3", "qwen3", "tokenizer.json" },
        { "t5-small", "t5-small", "tokenizer.json" },
        { "llama2-model", "llama2", "tokenizer.model" },
    };

    [Theory]
    [MemberData(nameof(Small))]
    public void Ids_are_the_references(string name) => AssertGolden(name, Tokenizer.Load(Path.Combine(GoldenFile.Folder, name)));

    [Theory]
    [MemberData(nameof(Real))]
    public void Ids_of_real_tokenizers_are_the_references(string name, string folder, string file) =>
        AssertGolden(name, ReferenceIdsTests.Load(folder, file));

    [Fact]
    public void Llama_2_gives_the_same_ids_from_either_of_its_files()
    {
        var tokenizer = ReferenceIdsTests.Load("llama2", "tokenizer.json");
        Assert.True(tokenizer.AddsBegin);

        // Left out: special tokens, which only tokenizer.json finds in text, and no-break spaces, which the file at hand has as spaces.
        var rows = GoldenFile.Read("llama2-model").Where(row => row.Text.IndexOfAny(['<', '\u00A0']) < 0).ToArray();
        Assert.True(rows.Length > 150);
        foreach (var row in rows)
        {
            Assert.Equal(row.Ids, tokenizer.Encode(row.Text, SpecialTokens.None));
            Assert.Equal(row.Decoded, tokenizer.Decode(row.Ids));
        }
    }

    // The reference's offsets of a composed character leave out the marks it took in, follow reordered marks' old places, and span the whole
    // run of unknown characters for each of its bytes; ours are the exact source.
    private static bool HasComparableOffsets(string name, string text) => name != "unigram-bytes"
        && !text.EnumerateRunes().Any(rune => UnicodeClasses.IsMark(rune) || rune.Value is (>= 0x1100 and <= 0x11FF) or (>= 0xFF66 and <= 0xFF9F));

    private static void AssertGolden(string name, Tokenizer tokenizer)
    {
        var rows = GoldenFile.Read(name);
        Assert.True(rows.Count >= 200);
        var wrong = new List<string>();
        foreach (var row in rows)
        {
            var spans = tokenizer.EncodeWithOffsets(row.Text, SpecialTokens.None);
            Check("ids", row.Ids, [.. spans.Select(span => span.Id)]);
            Check("full", row.Full, tokenizer.Encode(row.Text));
            if (HasComparableOffsets(name, row.Text))
            {
                Check("starts", row.Starts, [.. spans.Select(span => span.Start)]);
                Check("ends", row.Ends, [.. spans.Select(span => span.End)]);
            }

            if (tokenizer.Decode(row.Ids) != row.Decoded)
            {
                wrong.Add($"decoded of '{row.Text}': expected '{row.Decoded}', got '{tokenizer.Decode(row.Ids)}'");
            }

            void Check(string what, int[]? expected, int[] actual)
            {
                if (expected is not null && !expected.SequenceEqual(actual))
                {
                    wrong.Add($"{what} of '{row.Text}': expected {string.Join(' ', expected)}, got {string.Join(' ', actual)}");
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong, first: {string.Join(Environment.NewLine, wrong.Take(12))}");
    }
}
