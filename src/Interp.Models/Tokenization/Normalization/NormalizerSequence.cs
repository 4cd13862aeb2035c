namespace Interp.Models.Tokenization.Normalization;

/// <summary>One normalizer after the other.</summary>
internal sealed class NormalizerSequence : INormalizer
{
    private readonly IReadOnlyList<INormalizer> _normalizers;

    public NormalizerSequence(IReadOnlyList<INormalizer> normalizers)
    {
        _normalizers = normalizers;
    }

    /// <inheritdoc/>
    public AlignedText Apply(AlignedText text) => _normalizers.Aggregate(text, (current, normalizer) => normalizer.Apply(current));
}
