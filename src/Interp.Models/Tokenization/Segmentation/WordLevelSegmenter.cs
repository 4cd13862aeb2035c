namespace Interp.Models.Tokenization.Segmentation;

/// <summary>Each piece is one token.</summary>
internal sealed class WordLevelSegmenter : ISegmenter
{
    private readonly int? _unknownId;
    private readonly string _source;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="unknownId">The token of a piece outside the vocabulary, or null when that is an error.</param>
    /// <param name="source">What to name in an error.</param>
    public WordLevelSegmenter(Vocabulary vocabulary, int? unknownId, string source)
    {
        Vocabulary = vocabulary;
        _unknownId = unknownId;
        _source = source;
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public void Segment(string piece, List<Segment> segments)
    {
        if (piece.Length == 0)
        {
            return;
        }

        var id = Vocabulary.IdOf(piece) ?? _unknownId
            ?? throw new TokenizerException($"{_source}: '{piece}' is not in the vocabulary and the tokenizer has no unknown token: write the text with the vocabulary's words only");
        segments.Add(new Segment(id, 0, piece.Length));
    }
}
