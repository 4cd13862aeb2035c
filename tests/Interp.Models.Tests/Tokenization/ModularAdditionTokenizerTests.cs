using Interp.Models.Tokenization;

namespace Interp.Models.Tests.Tokenization;

/// <summary>The tokenizer of models that add modulo p.</summary>
public sealed class ModularAdditionTokenizerTests
{
    [Theory]
    [InlineData("12 + 30 =", new[] { 12, 30, 59 })]
    [InlineData("12 30 =", new[] { 12, 30, 59 })]
    [InlineData("12+30=", new[] { 12, 30, 59 })]
    [InlineData("  0  +\t58 = 58", new[] { 0, 58, 59, 58 })]
    [InlineData("", new int[0])]
    public void Numbers_and_the_sign_are_tokens(string text, int[] ids) =>
        Assert.Equal(ids, Tokenizer.ForModularAddition(59).Encode(text));

    [Fact]
    public void Offsets_point_at_the_numbers()
    {
        const string Text = "12 + 30 =";
        var spans = Tokenizer.ForModularAddition(59).EncodeWithOffsets(Text);
        Assert.Equal(["12", "30", "="], spans.Select(span => Text[span.Start..span.End]));
    }

    [Fact]
    public void Ids_read_as_the_numbers_they_are()
    {
        var tokenizer = Tokenizer.ForModularAddition(59);
        Assert.Equal("12 30 = 42", tokenizer.Decode([12, 30, 59, 42]));
        Assert.Equal("=", tokenizer.Decode([59]));
        Assert.Equal(["12", "="], new[] { 12, 59 }.Select(tokenizer.TokenText));
        Assert.Equal(60, tokenizer.Count);
        Assert.Null(tokenizer.BeginId);
        Assert.Null(tokenizer.EndId);
    }

    [Theory]
    [InlineData("12 + 59 =", "'59'")]
    [InlineData("twelve", "'twelve'")]
    [InlineData("-3 + 1 =", "'-3'")]
    public void Anything_else_is_refused_by_name(string text, string named)
    {
        var failure = Assert.Throws<TokenizerException>(() => Tokenizer.ForModularAddition(59).Encode(text));
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.Contains("0 to 58", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void A_modulus_below_two_is_refused() => Assert.Throws<TokenizerException>(() => Tokenizer.ForModularAddition(1));

    [Fact]
    public void The_shipped_model_has_it()
    {
        using var model = LanguageModel.Load(TinyModels.Clock);
        Assert.Equal([12, 30, 59], model.Tokenizer!.Encode("12 + 30 ="));
        Assert.Same(model.Tokenizer, model.Tokenizer);
    }
}
