namespace Interp.Models.Tokenization.Segmentation;

/// <summary>WordPiece: takes the longest token from the left again and again; a word with a part that fits none is unknown as a whole.</summary>
/// <remarks>Same ids as `models/wordpiece` of huggingface/tokenizers.</remarks>
internal sealed class WordPieceSegmenter : ISegmenter
{
    private readonly int _unknownId;
    private readonly string _prefix;
    private readonly int _longestWord;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="unknownId">The token of a word that cannot be cut.</param>
    /// <param name="prefix">What stands before a token inside a word, such as `##`.</param>
    /// <param name="longestWord">Words of more characters are unknown.</param>
    public WordPieceSegmenter(Vocabulary vocabulary, int unknownId, string prefix, int longestWord)
    {
        Vocabulary = vocabulary;
        _unknownId = unknownId;
        _prefix = prefix;
        _longestWord = longestWord;
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public void Segment(string piece, List<Segment> segments)
    {
        var first = segments.Count;
        var characters = piece.EnumerateRunes().Count();
        for (var start = 0; start < piece.Length;)
        {
            var match = characters > _longestWord ? null : Longest(piece, start);
            if (match is null)
            {
                segments.RemoveRange(first, segments.Count - first);
                segments.Add(new Segment(_unknownId, 0, piece.Length));
                return;
            }

            segments.Add(match.Value);
            start = match.Value.End;
        }
    }

    private Segment? Longest(string piece, int start)
    {
        for (var end = piece.Length; end > start; end--)
        {
            var part = piece.AsSpan(start, end - start);
            if (start == 0
                ? Vocabulary.Spans.TryGetValue(part, out var id)
                : Vocabulary.Spans.TryGetValue(string.Concat(_prefix, part), out id))
            {
                return new Segment(id, start, end);
            }
        }

        return null;
    }
}
