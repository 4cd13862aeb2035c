namespace Interp.Models.Tokenization.Decoding;

/// <summary>One decoder after the other.</summary>
internal sealed class DecoderSequence : IDecoder
{
    public DecoderSequence(IReadOnlyList<IDecoder> decoders)
    {
        Decoders = decoders;
    }

    /// <summary>The decoders in order.</summary>
    public IReadOnlyList<IDecoder> Decoders { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Apply(IReadOnlyList<string> tokens) =>
        Decoders.Aggregate(tokens, (current, decoder) => decoder.Apply(current));
}
