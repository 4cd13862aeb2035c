namespace Interp.Models.Tokenization.Segmentation;

/// <summary>A model of tokens: cuts a piece of text into tokens of a vocabulary.</summary>
internal interface ISegmenter
{
    /// <summary>The tokens that the model knows.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>Adds the piece's tokens in order.</summary>
    void Segment(string piece, List<Segment> segments);
}
