using System.Globalization;
using System.Text;

namespace Interp.Models.Tokenization;

/// <summary>A text in which each character outside the basic plane is replaced by one inside it of the same general category.</summary>
internal sealed class AstralShadow
{
    private readonly int[] _indices;

    public AstralShadow(string text)
    {
        var shadow = new StringBuilder(text.Length);
        var indices = new List<int>(text.Length + 1);
        for (var i = 0; i < text.Length;)
        {
            indices.Add(i);
            _ = Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var units);
            _ = shadow.Append(rune.IsBmp ? text[i] : StandIn(Rune.GetUnicodeCategory(rune)));
            i += units;
        }

        indices.Add(text.Length);
        Text = shadow.ToString();
        _indices = [.. indices];
    }

    /// <summary>The text with one unit for each code point.</summary>
    public string Text { get; }

    /// <summary>The index in the original of an index in <see cref="Text"/>.</summary>
    public int IndexOf(int shadowIndex) => _indices[shadowIndex];

    /// <summary>A rare character of the basic plane of a category.</summary>
    internal static char StandIn(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => '\u2C00',
        UnicodeCategory.LowercaseLetter => '\u2C30',
        UnicodeCategory.TitlecaseLetter => '\u1F88',
        UnicodeCategory.ModifierLetter => '\uA015',
        UnicodeCategory.OtherLetter => '\uA000',
        UnicodeCategory.NonSpacingMark => '\uA806',
        UnicodeCategory.SpacingCombiningMark => '\uA880',
        UnicodeCategory.EnclosingMark => '\u20DD',
        UnicodeCategory.DecimalDigitNumber => '\uA8D0',
        UnicodeCategory.LetterNumber => '\uA6E6',
        UnicodeCategory.OtherNumber => '\uA830',
        UnicodeCategory.ConnectorPunctuation => '\uFE33',
        UnicodeCategory.DashPunctuation => '\uFE58',
        UnicodeCategory.OpenPunctuation => '\uFE59',
        UnicodeCategory.ClosePunctuation => '\uFE5A',
        UnicodeCategory.InitialQuotePunctuation => '\u2E02',
        UnicodeCategory.FinalQuotePunctuation => '\u2E03',
        UnicodeCategory.OtherPunctuation => '\uA8CE',
        UnicodeCategory.MathSymbol => '\u2A00',
        UnicodeCategory.CurrencySymbol => '\uA838',
        UnicodeCategory.ModifierSymbol => '\uA700',
        UnicodeCategory.OtherSymbol => '\uA490',
        UnicodeCategory.Format => '\u2060',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\u0378',
    };
}
