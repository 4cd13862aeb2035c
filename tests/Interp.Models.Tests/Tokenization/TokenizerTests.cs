using System.Text;
using Interp.Models.Tokenization;

namespace Interp.Models.Tests.Tokenization;

/// <summary>What a tokenizer promises whatever its kind.</summary>
public sealed class TokenizerTests
{
    [Fact]
    public void Special_tokens_are_added_by_default_and_left_out_on_request()
    {
        var tokenizer = Small("byte-level");
        var plain = tokenizer.Encode("the clock", SpecialTokens.None);
        Assert.Equal([tokenizer.BeginId!.Value, .. plain], tokenizer.Encode("the clock"));
        Assert.Equal(tokenizer.Encode("the clock"), tokenizer.Encode("the clock", SpecialTokens.Begin));
        Assert.True(tokenizer.AddsBegin);
        Assert.Equal("the clock", tokenizer.Decode(tokenizer.Encode("the clock"), SpecialTokens.None));
        Assert.Equal("<|endoftext|>the clock", tokenizer.Decode(tokenizer.Encode("the clock")));
    }

    [Fact]
    public void A_begin_token_is_put_first_where_the_files_name_one_but_do_not_add_it()
    {
        using var folder = new TemporaryFolder();
        Copy("metaspace", folder.Path);
        Write(folder.Path, "generation_config.json", """{"bos_token_id": 1, "eos_token_id": [2, 0]}""");
        var tokenizer = Tokenizer.Load(folder.Path);
        Assert.False(tokenizer.AddsBegin);
        Assert.Equal([2, 0], tokenizer.EndIds);
        Assert.Equal([1, .. tokenizer.Encode("a", SpecialTokens.None)], tokenizer.Encode("a", SpecialTokens.Begin));
        Assert.Equal(tokenizer.Encode("a", SpecialTokens.None), tokenizer.Encode("a"));
    }

    [Fact]
    public void A_begin_token_that_does_not_exist_cannot_be_asked_for()
    {
        var failure = Assert.Throws<TokenizerException>(() => Small("metaspace").Encode("a", SpecialTokens.Begin));
        Assert.Contains("no begin token", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"bos_token": "<s>", "eos_token": {"content": "</s>"}, "add_bos_token": true, "add_eos_token": true}""", new[] { 1 }, new[] { 2 })]
    [InlineData("""{"bos_token": "<s>", "eos_token": "</s>", "add_bos_token": false}""", new int[0], new int[0])]
    [InlineData("""{"bos_token": "<s>", "eos_token": "</s>"}""", new[] { 1 }, new int[0])]
    public void Tokenizer_config_decides_over_the_template(string config, int[] before, int[] after)
    {
        using var folder = new TemporaryFolder();
        Copy("byte-fallback", folder.Path);
        Write(folder.Path, "tokenizer_config.json", config);
        var tokenizer = Tokenizer.Load(folder.Path);
        Assert.Equal([.. before, .. tokenizer.Encode("circle", SpecialTokens.None), .. after], tokenizer.Encode("circle"));
        Assert.Equal([.. before, .. tokenizer.Encode("circle", SpecialTokens.None)], tokenizer.EncodePrompt("circle"));
        Assert.Equal(1, tokenizer.BeginId);
        Assert.Equal(2, tokenizer.EndId);
    }

    [Fact]
    public void Special_tokens_of_a_vocabulary_with_merges_are_those_that_the_settings_name()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in new[] { "vocab.json", "merges.txt" })
        {
            File.Copy(Path.Combine(GoldenFile.Folder, "vocab-merges", file), Path.Combine(folder.Path, file));
        }

        var end = Tokenizer.Load(folder.Path).EndId!.Value;
        Write(folder.Path, "tokenizer_config.json", """{"bos_token": {"__type": "AddedToken", "content": "the"}, "eos_token": "<|endoftext|>", "add_bos_token": true}""");
        var tokenizer = Tokenizer.Load(folder.Path);
        Assert.Equal(tokenizer.FindId("the"), tokenizer.BeginId);
        Assert.Equal([tokenizer.BeginId!.Value, end], tokenizer.Encode("<|endoftext|>"));
        Assert.Equal("a", tokenizer.Decode([tokenizer.BeginId.Value, .. tokenizer.Encode("a", SpecialTokens.None), end], SpecialTokens.None));
    }

    [Fact]
    public void A_file_can_be_named_instead_of_its_folder()
    {
        using var folder = new TemporaryFolder();
        Copy("byte-level", folder.Path);
        File.Copy(Path.Combine(GoldenFile.Folder, "model-bpe", "tokenizer.model"), Path.Combine(folder.Path, "tokenizer.model"));
        Assert.Contains("tokenizer.json", Tokenizer.Load(folder.Path).Kind, StringComparison.Ordinal);
        Assert.Contains("tokenizer.json", Tokenizer.Load(Path.Combine(folder.Path, "tokenizer.json")).Kind, StringComparison.Ordinal);
        Assert.Contains("tokenizer.model", Tokenizer.Load(Path.Combine(folder.Path, "tokenizer.model")).Kind, StringComparison.Ordinal);
        Write(folder.Path, "notes.txt", "");
        Assert.Throws<TokenizerException>(() => Tokenizer.Load(Path.Combine(folder.Path, "notes.txt")));
    }

    [Fact]
    public void Added_tokens_stand_at_the_ends_of_the_text()
    {
        var spans = Small("wordpiece").EncodeWithOffsets("the cat");
        Assert.Equal((0, 0), (spans[0].Start, spans[0].End));
        Assert.Equal((7, 7), (spans[^1].Start, spans[^1].End));
        Assert.Equal(0, spans[^1].Length);
    }

    [Fact]
    public void Every_part_of_the_text_belongs_to_a_token_of_a_byte_level_tokenizer()
    {
        var tokenizer = Small("byte-level");
        foreach (var row in GoldenFile.Read("byte-level").Where(row => !row.Text.EnumerateRunes().Any(UnicodeClasses.IsMark)))
        {
            var end = 0;
            foreach (var span in tokenizer.EncodeWithOffsets(row.Text, SpecialTokens.None))
            {
                Assert.True(span.Start <= end, $"'{row.Text}' has a gap at {end}");
                end = Math.Max(end, span.End);
            }

            Assert.Equal(row.Text.Length, end);
        }
    }

    [Fact]
    public void The_bytes_of_the_tokens_are_the_bytes_of_the_text()
    {
        foreach (var name in new[] { "byte-level", "byte-fallback", "model-bpe" })
        {
            var tokenizer = Small(name);
            foreach (var row in GoldenFile.Read(name))
            {
                var bytes = row.Ids.SelectMany(tokenizer.TokenBytes).ToArray();
                var text = tokenizer.Decode(row.Ids);
                var drops = name == "byte-level" || bytes.Length == 0 || !bytes.AsSpan().StartsWith(" "u8) ? 0 : 1;
                Assert.Equal(text, Encoding.UTF8.GetString(bytes.AsSpan(drops)));
            }
        }
    }

    [Fact]
    public void Byte_level_text_comes_back_as_it_was()
    {
        var tokenizer = Small("vocab-merges");
        foreach (var row in GoldenFile.Read("byte-level"))
        {
            Assert.Equal(row.Text, tokenizer.Decode(tokenizer.Encode(row.Text)));
        }
    }

    [Theory]
    [MemberData(nameof(GoldenTokenizerTests.Small), MemberType = typeof(GoldenTokenizerTests))]
    public void Half_a_surrogate_pair_reads_as_the_replacement_character(string name)
    {
        var tokenizer = Small(name);
        foreach (var text in new[] { "\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D", "x \uD83D\uD83D\uDE00", "\uD83D<<mark>>\uDE00" })
        {
            var repaired = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            Assert.Equal(text.Length, repaired.Length);
            Assert.Equal(tokenizer.EncodeWithOffsets(repaired), tokenizer.EncodeWithOffsets(text));
        }
    }

    [Fact]
    public void Tokens_are_shown_with_nothing_invisible_and_nothing_half()
    {
        var tokenizer = Small("byte-level");
        Assert.Equal("·the", tokenizer.TokenText(tokenizer.FindId("Ġthe")!.Value));
        Assert.Equal("↵", tokenizer.TokenText(tokenizer.FindId("Ċ")!.Value));
        Assert.Equal("⇥", tokenizer.TokenText(tokenizer.FindId("ĉ")!.Value));
        Assert.Equal("⟨0xE2⟩", tokenizer.TokenText(tokenizer.FindId("â")!.Value));
        Assert.Equal("⟨U+0000⟩", tokenizer.TokenText(tokenizer.FindId("Ā")!.Value));
        Assert.Equal("<|endoftext|>", tokenizer.TokenText(tokenizer.BeginId!.Value));
        Assert.Equal("⟨99999⟩", tokenizer.TokenText(99999));
        Assert.Empty(tokenizer.TokenBytes(99999));

        var pieces = Small("byte-fallback");
        Assert.Equal("·a", pieces.TokenText(pieces.FindId("▁a")!.Value));
        Assert.Equal("⟨0xE2⟩", pieces.TokenText(pieces.FindId("<0xE2>")!.Value));
        Assert.Equal([0xE2], pieces.TokenBytes(pieces.FindId("<0xE2>")!.Value));
        Assert.Equal("A", pieces.TokenText(pieces.FindId("<0x41>")!.Value));

        var words = Small("wordpiece");
        Assert.Equal("·the", words.TokenText(words.FindId("the")!.Value));
        Assert.Equal("s", words.TokenText(words.FindId("##s")!.Value));
    }

    [Fact]
    public void Several_threads_may_use_one_tokenizer()
    {
        var tokenizer = Small("byte-level");
        var rows = GoldenFile.Read("byte-level");
        Parallel.For(0, 8, _ =>
        {
            foreach (var row in rows)
            {
                Assert.Equal(row.Ids, tokenizer.Encode(row.Text, SpecialTokens.None));
            }
        });
    }

    private static Tokenizer Small(string name) => Tokenizer.Load(Path.Combine(GoldenFile.Folder, name));

    private static void Copy(string name, string folder) =>
        File.Copy(Path.Combine(GoldenFile.Folder, name, "tokenizer.json"), Path.Combine(folder, "tokenizer.json"));

    private static void Write(string folder, string name, string content) => File.WriteAllText(Path.Combine(folder, name), content);
}
