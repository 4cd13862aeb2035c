using System.Globalization;
using System.Text;
using Interp.Models.Tokenization.Normalization;

namespace Interp.Models.Tokenization;

/// <summary>Classes of characters as the reference implementations define them.</summary>
internal static class UnicodeClasses
{
    /// <summary>The inside of a class for word characters: alphabetic, marks, decimal digits, connectors, joiners (Unicode TR18).</summary>
    public const string WordClass = @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\u200C\u200D\u24B6-\u24E9";

    /// <summary>Whether a character belongs to a word.</summary>
    public static bool IsWord(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation => true,
        _ => IsMark(rune) || rune.Value is 0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9),
    };

    /// <summary>Whether a character is a combining mark of any kind.</summary>
    public static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>Whether a character is a number of any kind, `½` and `Ⅷ` among them.</summary>
    public static bool IsNumber(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary>Whether a character is punctuation, or one of ASCII's signs such as `$` and `^`.</summary>
    public static bool IsPunctuation(Rune rune) => (Rune.IsPunctuation(rune) && UnicodeTables.Instance.IsCategorised(rune.Value))
        || (rune.IsAscii && rune.Value > ' ' && rune.Value != 0x7F && !Rune.IsLetterOrDigit(rune));

    /// <summary>Whether BERT drops a character as a control one; tab and newlines count as spaces, unassigned characters stay.</summary>
    public static bool IsBertControl(Rune rune) => rune.Value is not ('\t' or '\n' or '\r')
        && Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.PrivateUse => true,
            UnicodeCategory.Format => UnicodeTables.Instance.IsCategorised(rune.Value),
            _ => false,
        };

    /// <summary>Whether a character is a Chinese ideograph in BERT's sense: the blocks of unified and compatibility ideographs.</summary>
    public static bool IsIdeograph(Rune rune) => rune.Value
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
