using System.Text;
using Interp.Models.Tokenization.Decoding;
using Interp.Models.Tokenization.Segmentation;
using Interp.Models.Tokenization.Splitting;

namespace Interp.Models.Tokenization.Formats;

/// <summary>Reads `vocab.json` and `merges.txt`, GPT-2's form of byte-level BPE.</summary>
internal static class VocabularyMergesReader
{
    /// <summary>The token that GPT-2's form marks the ends of texts with.</summary>
    private const string EndOfText = "<|endoftext|>";

    /// <summary>The tokenizer of the two files.</summary>
    public static Tokenizer Read(string vocabularyPath, string mergesPath, TokenizerSettings settings)
    {
        var vocabulary = JsonFile.Read(vocabularyPath, VocabularyReader.Read);
        var segmenter = new BytePairSegmenter(
            vocabulary, RankedMerges.Create(vocabulary, [.. Merges(mergesPath)], "", mergesPath), new BytePairOptions());
        var added = settings.AddedWith(vocabulary);
        if (added.Count == 0 && vocabulary.IdOf(EndOfText) is { } end)
        {
            added = [new AddedToken(end, EndOfText) { IsSpecial = true }];
            settings = settings with { BeginToken = settings.BeginToken ?? EndOfText, EndToken = settings.EndToken ?? EndOfText };
        }

        var splitter = new ByteLevelSplitter(settings.AddsPrefixSpace, new RegexPattern(ByteLevelSplitter.Pattern, vocabularyPath));
        var pipeline = new TokenPipeline(segmenter, null, splitter, new ByteLevelDecoder(), TokenTemplate.Empty, added);
        return new Tokenizer(pipeline, settings, "byte-level BPE (vocab.json, merges.txt)");
    }

    private static IEnumerable<(string Left, string Right)> Merges(string path)
    {
        var line = 0;
        foreach (var text in File.ReadLines(path, Encoding.UTF8))
        {
            line++;
            if (text.Length == 0 || text.StartsWith("#version", StringComparison.Ordinal))
            {
                continue;
            }

            var parts = text.Split(' ');
            yield return parts.Length == 2
                ? (parts[0], parts[1])
                : throw new TokenizerException($"{path}: line {line}: expected two tokens with a space between, found {parts.Length}: get the file again");
        }
    }
}
