using System.Globalization;

namespace Interp.Models.Tokenization;

/// <summary>Tokens written `&lt;0xE2&gt;` that stand for one byte.</summary>
internal static class ByteToken
{
    /// <summary>The token of a byte.</summary>
    public static string Text(byte value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");

    /// <summary>The byte of a token, or false where the token is something else.</summary>
    public static bool TryRead(string token, out byte value)
    {
        value = 0;
        return token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
