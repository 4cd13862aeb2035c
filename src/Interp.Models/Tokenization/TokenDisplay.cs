using System.Globalization;
using System.Text;

namespace Interp.Models.Tokenization;

/// <summary>How a token is shown to a reader: nothing invisible, nothing half.</summary>
internal static class TokenDisplay
{
    /// <summary>A token's bytes as text: `·` space, `↵` newline, `⇥` tab, `⟨0xE2⟩` a byte that is no character on its own.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var count) != System.Buffers.OperationStatus.Done)
            {
                count = 1;
                _ = text.Append(CultureInfo.InvariantCulture, $"⟨0x{bytes[0]:X2}⟩");
            }
            else
            {
                _ = text.Append(OfCharacter(rune));
            }

            bytes = bytes[count..];
        }

        return text.ToString();
    }

    /// <summary>What stands for an id without a token.</summary>
    public static string OfId(int id) => string.Create(CultureInfo.InvariantCulture, $"⟨{id}⟩");

    private static string OfCharacter(Rune rune) => rune.Value switch
    {
        ' ' => "·",
        '\n' => "↵",
        '\t' => "⇥",
        '\r' => "␍",
        _ => Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
            ? string.Create(CultureInfo.InvariantCulture, $"⟨U+{rune.Value:X4}⟩")
            : rune.ToString(),
    };
}
