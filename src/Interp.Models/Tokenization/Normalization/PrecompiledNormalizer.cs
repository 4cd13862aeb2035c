using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Interp.Models.Tokenization.Normalization;

/// <summary>`Precompiled`: SentencePiece's table of rewritten strings, a double-array trie of UTF-8 keys.</summary>
/// <remarks>
/// In tokenizer.json a grapheme of fewer than 6 bytes is looked up whole and then character by character, as the `spm_precompiled`
/// crate does; in tokenizer.model the longest key at each place is taken, as SentencePiece does.
/// </remarks>
internal sealed class PrecompiledNormalizer : INormalizer
{
    private const int LongestGrapheme = 6;
    private readonly uint[] _trie;
    private readonly byte[] _texts;
    private readonly bool _byGrapheme;

    /// <param name="table">The table: the trie's size in bytes, the trie, and the texts, each ended by a zero.</param>
    /// <param name="byGrapheme">Whether to look up as tokenizer.json's reader does.</param>
    /// <param name="source">What to name in an error.</param>
    /// <exception cref="TokenizerException">The table's sizes do not fit together.</exception>
    public PrecompiledNormalizer(ReadOnlySpan<byte> table, bool byGrapheme, string source)
    {
        var trieBytes = table.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(table);
        if (trieBytes > table.Length - 4 || trieBytes % 4 != 0 || trieBytes == 0)
        {
            throw new TokenizerException($"{source}: the table of rewritten strings is damaged: {table.Length} bytes, of which the trie claims {trieBytes}: get the file again");
        }

        _trie = new uint[trieBytes / 4];
        for (var i = 0; i < _trie.Length; i++)
        {
            _trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(4 + (4 * i))..]);
        }

        _texts = table[(4 + (int)trieBytes)..].ToArray();
        _byGrapheme = byGrapheme;
    }

    /// <inheritdoc/>
    public AlignedText Apply(AlignedText text)
    {
        var builder = new AlignedTextBuilder(text);
        for (var at = 0; at < text.Text.Length;)
        {
            at = _byGrapheme ? WriteGrapheme(text.Text, at, builder) : WriteLongest(text.Text, at, builder);
        }

        var built = builder.Build();
        return built.Text == text.Text ? text : built;
    }

    private int WriteGrapheme(string text, int at, AlignedTextBuilder builder)
    {
        var end = at + StringInfo.GetNextTextElementLength(text, at);
        var bytes = Encoding.UTF8.GetBytes(text[at..end]);
        if (bytes.Length < LongestGrapheme && Look(bytes, longest: false) is { } whole)
        {
            builder.Replace(at, end, whole.Text);
            return end;
        }

        while (at < end)
        {
            _ = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var units);
            if (Look(Encoding.UTF8.GetBytes(rune.ToString()), longest: false) is { } part)
            {
                builder.Replace(at, at + units, part.Text);
            }
            else
            {
                builder.Keep(at, at + units);
            }

            at += units;
        }

        return end;
    }

    private int WriteLongest(string text, int at, AlignedTextBuilder builder)
    {
        const int Window = 64;
        Span<byte> bytes = stackalloc byte[3 * Window];
        _ = Encoding.UTF8.TryGetBytes(text.AsSpan(at, Math.Min(Window, text.Length - at)), bytes, out var count);
        if (Look(bytes[..count], longest: true) is { } match)
        {
            var end = at + Encoding.UTF8.GetCharCount(bytes[..match.Bytes]);
            builder.Replace(at, end, match.Text);
            return end;
        }

        var next = at + (char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1);
        builder.Keep(at, next);
        return next;
    }

    // A unit of the trie: offset in bits 10-30 (times 256 when bit 9 is set), label in bits 0-7 with bit 31, leaf flag in bit 8.
    private (string Text, int Bytes)? Look(ReadOnlySpan<byte> key, bool longest)
    {
        (string Text, int Bytes)? found = null;
        var node = Offset(_trie[0]);
        for (var i = 0; i < key.Length; i++)
        {
            node ^= key[i];
            if (node >= (uint)_trie.Length || (_trie[node] & 0x800000FFu) != key[i])
            {
                break;
            }

            var unit = _trie[node];
            node ^= Offset(unit);
            if ((unit & 0x100u) != 0 && node < (uint)_trie.Length)
            {
                found = (TextAt((int)(_trie[node] & 0x7FFFFFFFu)), i + 1);
                if (!longest)
                {
                    break;
                }
            }
        }

        return found;
    }

    private static uint Offset(uint unit) => (unit >> 10) << (int)((unit & 0x200u) >> 6);

    private string TextAt(int start)
    {
        if (start >= _texts.Length)
        {
            return "";
        }

        var length = _texts.AsSpan(start).IndexOf((byte)0);
        return Encoding.UTF8.GetString(_texts, start, length < 0 ? _texts.Length - start : length);
    }
}
