namespace Interp.Models.Tokenization.Normalization;

/// <summary>A normalizer that is one function: `Prepend`, `Replace`, `ByteLevel`.</summary>
internal sealed class NormalizerFunction : INormalizer
{
    private readonly Func<AlignedText, AlignedText> _apply;

    public NormalizerFunction(Func<AlignedText, AlignedText> apply)
    {
        _apply = apply;
    }

    /// <inheritdoc/>
    public AlignedText Apply(AlignedText text) => _apply(text);
}
