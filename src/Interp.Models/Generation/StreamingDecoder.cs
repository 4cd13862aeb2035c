using System.Buffers;
using System.Text;
using Interp.Models.Tokenization;

namespace Interp.Models.Generation;

/// <summary>
/// Turns token ids into text as they come: a character whose bytes are spread over several tokens appears with its last one, and
/// no half character is ever given out. What was given out joined is what <see cref="Tokenizer.Decode"/> makes of all ids.
/// </summary>
/// <remarks>
/// Special tokens give no text. In SentencePiece models a run of byte tokens that is not UTF-8 as a whole may give out a valid
/// character at its start that decoding at once would replace. Each token costs the decoding of the few tokens not yet given out.
/// </remarks>
public sealed class StreamingDecoder
{
    private readonly Tokenizer _tokenizer;
    private readonly List<int> _window = [];
    private readonly List<byte> _open = [];
    private int _givenOut;

    /// <summary>Starts behind a prompt, so that the space before the first token is kept.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="prompt">The ids whose text has been shown already; none at the start of a text.</param>
    public StreamingDecoder(Tokenizer tokenizer, params IEnumerable<int> prompt)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        _tokenizer = tokenizer;
        _window.AddRange(prompt);
        _givenOut = _window.Count;
        foreach (var id in _window)
        {
            Append(id);
        }
    }

    /// <summary>Takes the next token.</summary>
    /// <returns>The text that became whole with it; empty while a character is incomplete.</returns>
    public string Add(int id)
    {
        if (_tokenizer.IsSpecial(id) || id >= _tokenizer.Count)
        {
            return "";
        }

        _window.Add(id);
        return Append(id) ? "" : GiveOut();
    }

    /// <summary>Ends the text.</summary>
    /// <returns>What was held back: U+FFFD for a character that never became whole, or nothing.</returns>
    public string Finish() => _window.Count > _givenOut ? GiveOut() : "";

    private string GiveOut()
    {
        var before = _tokenizer.Decode(_window.Take(_givenOut), SpecialTokens.None);
        var all = _tokenizer.Decode(_window, SpecialTokens.None);
        _window.RemoveRange(0, _givenOut);
        _givenOut = _window.Count;
        _open.Clear();
        return all[before.AsSpan().CommonPrefixLength(all)..];
    }

    // Whether the bytes so far end inside a character; keeps only the bytes of that one.
    private bool Append(int id)
    {
        _open.AddRange(_tokenizer.TokenBytes(id));
        var bytes = _open.ToArray();
        for (var length = Math.Min(3, bytes.Length); length > 0; length--)
        {
            var tail = bytes.AsSpan(bytes.Length - length);
            if (Rune.DecodeFromUtf8(tail, out _, out var used) == OperationStatus.NeedMoreData && used == length)
            {
                _open.RemoveRange(0, bytes.Length - length);
                return true;
            }
        }

        _open.Clear();
        return false;
    }
}
