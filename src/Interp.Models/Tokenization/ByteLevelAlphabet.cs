using System.Text;

namespace Interp.Models.Tokenization;

/// <summary>The printable character that stands for each byte in byte-level vocabularies: `Ġ` is a space, `Ċ` a newline.</summary>
/// <remarks>Printable bytes of Latin-1 stand for themselves; the other 68, in order, are the characters from U+0100 on.</remarks>
internal static class ByteLevelAlphabet
{
    private static readonly char[] s_ofByte = MakeCharacters();
    private static readonly short[] s_ofCharacter = MakeBytes();

    /// <summary>The character of a byte.</summary>
    public static char Character(byte value) => s_ofByte[value];

    /// <summary>The bytes that a token stands for; the token's own UTF-8 when it holds a character outside the alphabet.</summary>
    public static byte[] Bytes(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            var value = token[i] < s_ofCharacter.Length ? s_ofCharacter[token[i]] : (short)-1;
            if (value < 0)
            {
                return Encoding.UTF8.GetBytes(token);
            }

            bytes[i] = (byte)value;
        }

        return bytes;
    }

    /// <summary>Writes the text's UTF-8 bytes as characters of the alphabet.</summary>
    public static AlignedText Map(AlignedText from)
    {
        var text = from.Text;
        if (Ascii.IsValid(text))
        {
            return from.Respelled(string.Create(text.Length, text, static (characters, units) =>
            {
                for (var i = 0; i < characters.Length; i++)
                {
                    characters[i] = s_ofByte[units[i]];
                }
            }));
        }

        var builder = new AlignedTextBuilder(from);
        Span<byte> bytes = stackalloc byte[4];
        Span<char> characters = stackalloc char[4];
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var units);
            var count = rune.EncodeToUtf8(bytes);
            for (var b = 0; b < count; b++)
            {
                characters[b] = s_ofByte[bytes[b]];
            }

            builder.Replace(i, i + units, characters[..count]);
            i += units;
        }

        return builder.Build();
    }

    private static char[] MakeCharacters()
    {
        var characters = new char[256];
        var next = 256;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            characters[value] = printable ? (char)value : (char)next++;
        }

        return characters;
    }

    private static short[] MakeBytes()
    {
        var bytes = new short[512];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < 256; value++)
        {
            bytes[s_ofByte[value]] = (short)value;
        }

        return bytes;
    }
}
