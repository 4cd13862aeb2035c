using System.Text;

namespace Interp.Models.Tokenization.Decoding;

/// <summary>`ByteLevel`: reads the bytes that the tokens' characters stand for; what is not UTF-8 becomes U+FFFD.</summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Apply(IReadOnlyList<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            bytes.AddRange(ByteLevelAlphabet.Bytes(token));
        }

        return [Encoding.UTF8.GetString([.. bytes])];
    }
}
