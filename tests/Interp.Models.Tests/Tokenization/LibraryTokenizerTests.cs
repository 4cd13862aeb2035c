using System.Text.Json;
using System.Text.RegularExpressions;
using Interp.Models.Tokenization;
using Interp.Models.Tokenization.Splitting;
using Microsoft.ML.Tokenizers;

using OurTokenizer = Interp.Models.Tokenization.Tokenizer;

namespace Interp.Models.Tests.Tokenization;

/// <summary>Our models against those of Microsoft.ML.Tokenizers, a third implementation, where it can do the same work.</summary>
public sealed class LibraryTokenizerTests
{
    [Fact]
    public void Byte_level_BPE_gives_the_librarys_ids() =>
        Compare(Path.Combine(GoldenFile.Folder, "vocab-merges"), ByteLevel(Path.Combine(GoldenFile.Folder, "vocab-merges")));

    [Fact]
    public void GPT_2_gives_the_librarys_ids()
    {
        var folder = SharedFiles.Require("tokenizers", "gpt2");
        Compare(folder, ByteLevel(folder));
    }

    [Fact]
    public void A_SentencePiece_model_gives_the_librarys_ids()
    {
        var folder = Path.Combine(GoldenFile.Folder, "model-bpe");
        using var stream = File.OpenRead(Path.Combine(folder, "tokenizer.model"));
        Compare(folder, SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false));
    }

    // The library does not see letters outside the basic plane, nor pieces of the user's and special tokens inside a text.
    private static void Compare(string folder, Microsoft.ML.Tokenizers.Tokenizer library)
    {
        var ours = OurTokenizer.Load(folder);
        var texts = GoldenFile.Read("gpt2").Select(row => row.Text)
            .Where(text => !text.Any(char.IsSurrogate) && !text.Contains("<<mark>>", StringComparison.Ordinal) && !text.Contains("<|", StringComparison.Ordinal))
            .ToArray();
        Assert.True(texts.Length > 150);
        foreach (var text in texts)
        {
            Assert.Equal(library.EncodeToIds(text), ours.Encode(text, SpecialTokens.None));
        }
    }

    private static BpeTokenizer ByteLevel(string folder)
    {
        using var vocabulary = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "vocab.json")));
        return BpeTokenizer.Create(new BpeOptions(vocabulary.RootElement.EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, entry.Value.GetInt32())))
        {
            Merges = File.ReadLines(Path.Combine(folder, "merges.txt")).Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal)),
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(new Regex(ByteLevelSplitter.Pattern), null),
        });
    }
}
