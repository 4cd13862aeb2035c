using System.Text;
using Interp.Models.Tokenization;

namespace Interp.Models.Tests.Tokenization;

/// <summary>Oniguruma's patterns on .NET's engine.</summary>
public sealed class RegexPatternTests
{
    [Theory]
    [InlineData(@"[^\r\n\p{L}\p{N}]?+\p{L}+", @"(?>[^\r\n\p{L}\p{N}]?)\p{L}+")]
    [InlineData(@"a++b*+c?+", @"(?>a+)(?>b*)(?>c?)")]
    [InlineData(@"(?:ab)++", @"(?>(?:ab)+)")]
    [InlineData(@"a{2}+", @"(?:a{2})+")]
    [InlineData(@"a{,3}", @"a{0,3}")]
    [InlineData(@"a{", @"a{")]
    [InlineData(@"a+?b*?c??", @"a+?b*?c??")]
    [InlineData(@"\p{N}{1,3}|\s+(?!\S)", @"\p{N}{1,3}|\s+(?!\S)")]
    [InlineData(@"[\]]+|[]a]", @"[\]]+|[]a]")]
    [InlineData(@"(?i:'s|'t)", @"(?i:'s|'t)")]
    [InlineData(@" ?[^(\s|[.,!?\u2026])]+", @" ?[^(\s|.,!?\u2026)]+")]
    [InlineData(@"[a[b[cd]]e]x]", @"[abcde]x]")]
    public void Patterns_are_rewritten_where_the_dialects_differ(string pattern, string expected) =>
        Assert.Equal(expected, OnigurumaSyntax.Translate(pattern, "test"));

    [Theory]
    [InlineData("[a[^bc]]")]
    [InlineData("[a-[b]]")]
    [InlineData("[a[-b]]")]
    [InlineData("[[ab]-z]")]
    [InlineData("[[:alpha:]]")]
    [InlineData(@"[\w&&[^a]]")]
    [InlineData(@"[\W]")]
    [InlineData("\U0001F600")]
    [InlineData("[\U0001F600]")]
    [InlineData(@"\p{Han}")]
    [InlineData("(a")]
    public void Patterns_without_an_equal_are_refused(string pattern)
    {
        var failure = Assert.Throws<TokenizerException>(() => new RegexPattern(pattern, "the file"));
        Assert.StartsWith("the file: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void A_possessive_repeat_gives_nothing_back()
    {
        Assert.Empty(new RegexPattern("a++a", "test").Matches("aaa"));
        Assert.Equal([(0, 3)], new RegexPattern("a+a", "test").Matches("aaa"));
    }

    [Fact]
    public void Letters_and_digits_outside_the_basic_plane_are_letters_and_digits()
    {
        const string Text = "a\U0001D400b \U0001D7CE\U0001D7CF\U00020000 \U0001F600!";
        var parts = new RegexPattern(@"\p{L}+|\p{N}+|[^\s\p{L}\p{N}]+", "test").Matches(Text).Select(match => Text[match.Start..match.End]);
        Assert.Equal(["a\U0001D400b", "\U0001D7CE\U0001D7CF", "\U00020000", "\U0001F600!"], parts);
    }

    [Fact]
    public void Every_category_has_a_stand_in_of_that_category()
    {
        foreach (var category in Enumerable.Range(0x10000, 0x100000).Select(code => Rune.GetUnicodeCategory(new Rune(code))).Distinct())
        {
            Assert.Equal(category, Rune.GetUnicodeCategory(new Rune(AstralShadow.StandIn(category))));
        }
    }

    [Fact]
    public void Word_characters_are_the_references()
    {
        // Rust's \w: alphabetic, marks, decimal digits, connectors, joiners.
        const string Word = "aZ\u00E9\u4E2D_\u0301\u0903\u20DD5\u0665\u2167\u24B6\u200D";
        Assert.Equal([(0, Word.Length)], new RegexPattern(@"\w+", "test").Matches(Word));
        Assert.All(Word.EnumerateRunes(), rune => Assert.True(UnicodeClasses.IsWord(rune)));
        Assert.Empty(new RegexPattern(@"\w", "test").Matches("\u00BD\u00B2-+ \u00A0\u2460\U0001F600"));
        Assert.Equal([(1, 2)], new RegexPattern(@"\W", "test").Matches("a-b"));
    }
}
