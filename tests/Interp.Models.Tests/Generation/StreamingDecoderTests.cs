using Interp.Models.Generation;
using Interp.Models.Tests.Tokenization;
using Interp.Models.Tokenization;

namespace Interp.Models.Tests.Generation;

/// <summary>Text that comes token by token.</summary>
public sealed class StreamingDecoderTests
{
    /// <summary>Tokenizers whose tokens can be parts of characters, and some whose cannot.</summary>
    public static TheoryData<string> Names => ["byte-level", "byte-fallback", "model-bpe", "metaspace", "unigram-bytes", "wordpiece", "word-level", "word-ends"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parts_join_to_the_decoded_text(string name)
    {
        var tokenizer = Small(name);
        foreach (var row in GoldenFile.Read(name))
        {
            var decoder = new StreamingDecoder(tokenizer);
            var parts = string.Concat(row.Ids.Select(decoder.Add)) + decoder.Finish();
            Assert.Equal(tokenizer.Decode(row.Ids, SpecialTokens.None), parts);
        }
    }

    [Theory]
    [InlineData("byte-level")]
    [InlineData("byte-fallback")]
    [InlineData("model-bpe")]
    public void A_character_spread_over_tokens_appears_whole_with_the_last(string name)
    {
        var tokenizer = Small(name);
        const string Text = "a鬼😀ñ";
        var decoder = new StreamingDecoder(tokenizer);
        var shown = "";
        var held = 0;
        foreach (var span in tokenizer.EncodeWithOffsets(Text, SpecialTokens.None))
        {
            var part = decoder.Add(span.Id);
            held += part.Length == 0 ? 1 : 0;
            Assert.DoesNotContain('\uFFFD', part);
            shown += part;
            Assert.StartsWith(shown, Text, StringComparison.Ordinal);
        }

        Assert.Equal(Text, shown);
        Assert.Equal("", decoder.Finish());
        Assert.True(held >= 4);
    }

    [Fact]
    public void A_prompt_that_ends_inside_a_character_is_completed()
    {
        var tokenizer = Small("byte-level");
        var ids = tokenizer.Encode("x日", SpecialTokens.None);
        Assert.True(ids.Length >= 3);
        for (var cut = 1; cut < ids.Length; cut++)
        {
            var decoder = new StreamingDecoder(tokenizer, ids[..cut]);
            Assert.Equal("日", string.Concat(ids[cut..].Select(decoder.Add)) + decoder.Finish());
        }
    }

    [Fact]
    public void A_continuation_keeps_the_space_before_its_first_word()
    {
        var tokenizer = Small("byte-fallback");
        var ids = tokenizer.Encode("the circle", SpecialTokens.None);
        var first = Enumerable.Range(1, ids.Length).First(count => tokenizer.Decode(ids[..count]) == "the");
        var decoder = new StreamingDecoder(tokenizer, ids[..first]);
        Assert.Equal(" circle", string.Concat(ids[first..].Select(decoder.Add)));
    }

    [Fact]
    public void A_character_that_never_becomes_whole_is_shown_as_replaced()
    {
        var tokenizer = Small("byte-level");
        var ids = tokenizer.Encode("日", SpecialTokens.None);
        var decoder = new StreamingDecoder(tokenizer);
        Assert.Equal("", decoder.Add(ids[0]));
        Assert.Equal("\uFFFD", decoder.Finish());

        decoder = new StreamingDecoder(tokenizer);
        Assert.Equal("", decoder.Add(ids[0]));
        Assert.Equal("\uFFFDa", decoder.Add(tokenizer.Encode("a", SpecialTokens.None)[0]));
    }

    [Fact]
    public void Special_tokens_and_rows_without_a_token_give_no_text()
    {
        var tokenizer = Small("byte-level");
        var decoder = new StreamingDecoder(tokenizer);
        Assert.Equal("", decoder.Add(tokenizer.BeginId!.Value));
        Assert.Equal("", decoder.Add(tokenizer.Count + 5));
        Assert.Equal("a", decoder.Add(tokenizer.Encode("a", SpecialTokens.None)[0]));
    }

    [Fact]
    public void Bytes_that_are_never_text_do_not_slow_it_down()
    {
        var tokenizer = Small("byte-level");
        var lead = tokenizer.FindId("\u00EF")!.Value; // the byte 0xEF starts a character of three bytes
        var decoder = new StreamingDecoder(tokenizer);
        var shown = string.Concat(Enumerable.Repeat(lead, 20_000).Select(decoder.Add)) + decoder.Finish();
        Assert.Equal(new string('\uFFFD', 20_000), shown);
    }

    private static Tokenizer Small(string name) => Tokenizer.Load(Path.Combine(GoldenFile.Folder, name));
}
