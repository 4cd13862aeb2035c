using System.Text;

namespace Interp.Models.Tokenization.Decoding;

/// <summary>`ByteFallback`: reads runs of `&lt;0xNN&gt;` tokens as UTF-8; in a run that is not, each byte becomes U+FFFD.</summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public IReadOnlyList<string> Apply(IReadOnlyList<string> tokens)
    {
        var texts = new List<string>(tokens.Count);
        var run = new List<byte>();
        foreach (var token in tokens)
        {
            if (ByteToken.TryRead(token, out var value))
            {
                run.Add(value);
                continue;
            }

            Flush(run, texts);
            texts.Add(token);
        }

        Flush(run, texts);
        return texts;
    }

    private static void Flush(List<byte> run, List<string> texts)
    {
        if (run.Count == 0)
        {
            return;
        }

        try
        {
            texts.Add(s_strict.GetString([.. run]));
        }
        catch (DecoderFallbackException)
        {
            texts.AddRange(Enumerable.Repeat("\uFFFD", run.Count));
        }

        run.Clear();
    }
}
