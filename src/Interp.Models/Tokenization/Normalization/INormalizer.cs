namespace Interp.Models.Tokenization.Normalization;

/// <summary>Rewrites a text before it is cut.</summary>
internal interface INormalizer
{
    /// <summary>The text rewritten; the same object when nothing changed.</summary>
    AlignedText Apply(AlignedText text);
}
