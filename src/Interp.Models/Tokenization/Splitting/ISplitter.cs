namespace Interp.Models.Tokenization.Splitting;

/// <summary>A pre-tokenizer: cuts a text into the pieces that the model sees one at a time.</summary>
internal interface ISplitter
{
    /// <summary>Adds the pieces of a text in order; empty ones may be among them.</summary>
    void Split(AlignedText text, List<AlignedText> pieces);
}
