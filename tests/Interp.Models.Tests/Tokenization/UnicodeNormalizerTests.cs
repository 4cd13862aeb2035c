using System.Security.Cryptography;
using System.Text;
using Interp.Models.Tokenization;
using Interp.Models.Tokenization.Normalization;

namespace Interp.Models.Tests.Tokenization;

/// <summary>Unicode's normal forms of Unicode 9.0's characters against Python's unicodedata (build/unicode/make-checks.py).</summary>
public sealed class UnicodeNormalizerTests
{
    private const string Bases = "ae\u00e9qo\u03b1\u0915\u1100\uac00\u3042\u05d3\u4e2d\U0001d15e";
    private const string Marks = "\u0301\u0323\u0307\u0308\u030a\u0327\u0345\u05b4\u05bc\u093c\u1161\u11a8\u3099\u0f71\u0f74\U0001d165\U0001d16e";

    [Theory]
    [InlineData(false, true, "366c40c90435b4b3953c24793b641e82ebaa100221dd2d845991b51f500dcdbc")]
    [InlineData(false, false, "9faadccd94105d0d2398d0ca791f48a917097f0a27a644c18e7021ae0832d679")]
    [InlineData(true, true, "d25ddca178d35ad65da4796be87e682687db3aa475715f617e8498a521dd26e1")]
    [InlineData(true, false, "7eb3efdfa139f2352355c3dbd813a167c58ee441225f0cd6fc208a8909263bd0")]
    public void Forms_of_all_characters_and_of_marks_in_any_order_are_unicodes(bool compatible, bool composes, string hash)
    {
        var normalizer = new UnicodeNormalizer(compatible, composes);
        var text = string.Join('\n', Strings().Select(source => normalizer.Apply(AlignedText.Source(source)).Text));
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Each_character_knows_the_characters_it_was_made_of()
    {
        var composed = new UnicodeNormalizer(compatible: false, composes: true).Apply(AlignedText.Source("xe\u0323\u0301y"));
        Assert.Equal("x\u1EB9\u0301y", composed.Text);
        Assert.Equal([(0, 1), (1, 3), (3, 4), (4, 5)], Enumerable.Range(0, 4).Select(i => composed.SourceRange(i, i + 1)));

        var decomposed = new UnicodeNormalizer(compatible: true, composes: false).Apply(AlignedText.Source("a\uFB01b"));
        Assert.Equal("afib", decomposed.Text);
        Assert.Equal([(0, 1), (1, 2), (1, 2), (2, 3)], Enumerable.Range(0, 4).Select(i => decomposed.SourceRange(i, i + 1)));
    }

    [Fact]
    public void Text_that_is_in_the_form_stays_the_same_object()
    {
        var text = AlignedText.Source("na\u00EFve \u4E2D\uAC01 \U0001F600");
        Assert.Same(text, new UnicodeNormalizer(compatible: false, composes: true).Apply(text));
    }

    private static IEnumerable<string> Strings()
    {
        for (var code = 0; code < 0x30000; code++)
        {
            if (code is < 0xD800 or >= 0xE000)
            {
                yield return char.ConvertFromUtf32(code);
            }
        }

        foreach (var text in Bases.EnumerateRunes())
        {
            foreach (var first in Marks.EnumerateRunes())
            {
                foreach (var second in Marks.EnumerateRunes())
                {
                    yield return $"{text}{first}{second}";
                }
            }
        }
    }
}
