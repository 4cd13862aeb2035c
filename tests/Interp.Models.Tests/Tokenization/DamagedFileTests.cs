using System.Text;
using System.Text.Json.Nodes;
using Interp.Compute.Statistics;
using Interp.Models.Tokenization;

namespace Interp.Models.Tests.Tokenization;

/// <summary>Files that are cut short, damaged or ask for the unknown: one line that names the file, never anything else.</summary>
public sealed class DamagedFileTests
{
    [Fact]
    public void A_folder_without_a_tokenizer_has_none()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(Tokenizer.TryLoad(folder.Path));
        var failure = Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder.Path));
        Assert.Contains(folder.Path, failure.Message, StringComparison.Ordinal);
        Assert.Contains("tokenizer.json", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("normalizer", """{"type": "Nmt"}""", "'Nmt'")]
    [InlineData("normalizer", """{"type": "NFC", "level": 2}""", "'level'")]
    [InlineData("normalizer", """{"type": "Sequence", "normalizers": [{"type": "Magic"}]}""", "normalizer.normalizers[0]")]
    [InlineData("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "%%"}""", "base64")]
    [InlineData("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "AAAA"}""", "damaged")]
    [InlineData("normalizer", """{"type": "Replace", "pattern": {"Regex": "("}, "content": ""}""", "not supported")]
    [InlineData("normalizer", """{"type": "Prepend"}""", "'prepend' is missing")]
    [InlineData("normalizer", """[]""", "expected an object")]
    [InlineData("pre_tokenizer", """{"type": "UnicodeScripts"}""", "'UnicodeScripts'")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Glob": "*"}, "behavior": "Isolated"}""", "'Glob'")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"String": "a"}, "behavior": "Exploded"}""", "'Exploded'")]
    [InlineData("pre_tokenizer", """{"type": "Metaspace", "prepend_scheme": "often"}""", "'often'")]
    [InlineData("pre_tokenizer", """{"type": "CharDelimiterSplit", "delimiter": "ab"}""", "'ab'")]
    [InlineData("post_processor", """{"type": "Postman"}""", "'Postman'")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<x>"}}], "special_tokens": {}}""", "'<x>'")]
    [InlineData("post_processor", """{"type": "TemplateProcessing", "single": [], "special_tokens": {}}""", "lacks the text")]
    [InlineData("decoder", """{"type": "CTC"}""", "'CTC'")]
    [InlineData("added_tokens", """[{"id": -1, "content": "x"}]""", "added_tokens[0].id")]
    [InlineData("added_tokens", """[{"id": 2000000000, "content": "x"}]""", "2000000000")]
    [InlineData("added_tokens", """[{"id": 1, "content": "a", "colour": "red"}]""", "'colour'")]
    [InlineData("added_tokens", """[{"id": 700, "content": "x"}, {"id": 700, "content": "y"}]""", "700")]
    [InlineData("added_tokens", """[{"id": 700, "content": "the"}]""", "700")]
    [InlineData("model", """{"type": "Morse"}""", "'Morse'")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}}""", "'merges' is missing")]
    [InlineData("model", """{"type": "BPE", "vocab": {}, "merges": []}""", "empty")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}""", "both have id 0")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 2147483647}, "merges": []}""", "2147483647")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}""", "'b' is not in the vocabulary")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": ["a"]}""", "merges[0]")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": [], "dropout": 0.1}""", "dropout")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": [], "unk_token": "?"}""", "'?'")]
    [InlineData("model", """{"type": "Unigram", "vocab": [["a", -1], ["b"]]}""", "vocab[1]")]
    [InlineData("model", """{"type": "Unigram", "vocab": [["a", -1]], "unk_id": 7}""", "unk_id 7")]
    [InlineData("model", """{"type": "WordPiece", "vocab": {"a": 0}}""", "[UNK]")]
    [InlineData("model", """{"vocab": {"a": 0}}""", "'type' is missing")]
    [InlineData("padding_rules", """{}""", "'padding_rules'")]
    public void What_is_not_known_is_named(string key, string value, string named)
    {
        using var folder = new TemporaryFolder();
        var root = JsonNode.Parse(File.ReadAllText(Path.Combine(GoldenFile.Folder, "byte-level", "tokenizer.json")))!;
        root["added_tokens"] = new JsonArray();
        root["post_processor"] = null;
        root[key] = JsonNode.Parse(value);
        var path = Path.Combine(folder.Path, "tokenizer.json");
        File.WriteAllText(path, root.ToJsonString());
        var failure = Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder.Path));
        Assert.StartsWith(path, failure.Message, StringComparison.Ordinal);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Theory]
    [InlineData("unigram", "tokenizer.json")]
    [InlineData("byte-level", "tokenizer.json")]
    [InlineData("model-bpe", "tokenizer.model")]
    [InlineData("model-unigram", "tokenizer.model")]
    [InlineData("vocab-merges", "vocab.json")]
    [InlineData("vocab-merges", "merges.txt")]
    public void A_file_cut_short_or_with_wrong_bytes_never_fails_in_another_way(string name, string file)
    {
        using var folder = new TemporaryFolder();
        var random = SplitMix64.ForStream(7, name + file);
        foreach (var other in Directory.GetFiles(Path.Combine(GoldenFile.Folder, name)))
        {
            File.Copy(other, Path.Combine(folder.Path, Path.GetFileName(other)));
        }

        var whole = File.ReadAllBytes(Path.Combine(folder.Path, file));
        var failures = 0;
        for (var i = 0; i < 60; i++)
        {
            byte[] damaged = i % 2 == 0 ? whole[..random.NextInt(whole.Length)] : [.. whole];
            for (var flip = 0; i % 2 == 1 && flip < 3; flip++)
            {
                damaged[random.NextInt(damaged.Length)] ^= (byte)(1 << random.NextInt(8));
            }

            File.WriteAllBytes(Path.Combine(folder.Path, file), damaged);
            try
            {
                var tokenizer = Tokenizer.Load(folder.Path);
                Assert.NotNull(tokenizer.Decode(tokenizer.Encode("a circle, \u65E5\u672C")));
            }
            catch (TokenizerException failure)
            {
                failures++;
                Assert.Contains(folder.Path, failure.Message, StringComparison.Ordinal);
            }
        }

        Assert.True(failures > 0);
    }

    [Fact]
    public void Text_outside_a_vocabulary_without_an_unknown_token_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            Path.Combine(folder.Path, "tokenizer.json"), """{"model": {"type": "WordLevel", "vocab": {"a": 0}}, "pre_tokenizer": {"type": "Whitespace"}}""");
        var failure = Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder.Path).Encode("a b"));
        Assert.Contains("'b'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_settings_file_that_is_damaged_is_named()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(GoldenFile.Folder, "unigram", "tokenizer.json"), Path.Combine(folder.Path, "tokenizer.json"));
        var path = Path.Combine(folder.Path, "tokenizer_config.json");
        File.WriteAllText(path, """{"bos_token": 3}""", Encoding.UTF8);
        Assert.Contains("tokenizer_config.json: bos_token", Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder.Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, "{");
        Assert.Contains("not valid JSON", Assert.Throws<TokenizerException>(() => Tokenizer.Load(folder.Path)).Message, StringComparison.Ordinal);
    }
}
