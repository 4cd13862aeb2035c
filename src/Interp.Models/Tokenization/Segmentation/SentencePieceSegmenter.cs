using System.Text;

namespace Interp.Models.Tokenization.Segmentation;

/// <summary>Byte-pair encoding as SentencePiece does it: neighbours join by what they spell and its score, not by a merge list.</summary>
/// <remarks>Same ids as `bpe_model.cc` of google/sentencepiece, without sampling.</remarks>
internal sealed class SentencePieceSegmenter : ISegmenter
{
    private readonly SentencePieceOptions _options;
    private readonly ScoredMerges _merges;
    private readonly int[] _byteIds;
    private readonly PieceTrie _fixed = new();

    public SentencePieceSegmenter(Vocabulary vocabulary, SentencePieceOptions options)
    {
        Vocabulary = vocabulary;
        _options = options;
        _merges = new ScoredMerges(vocabulary, options.Scores, options.Joinable);
        _byteIds = options.ByteFallback ? vocabulary.ByteIds() : [];
        foreach (var id in options.Fixed)
        {
            _fixed.Add(vocabulary.TextOf(id)!, id);
        }
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public void Segment(string piece, List<Segment> segments)
    {
        var queue = new MergeQueue<ScoredMerges>(_merges);
        for (var i = 0; i < piece.Length;)
        {
            var (id, length) = _fixed.Longest(piece.AsSpan(i));
            if (length > 0)
            {
                queue.Add(id, i, i + length, isFixed: true);
                i += length;
                continue;
            }

            var end = i + (char.IsHighSurrogate(piece[i]) && i + 1 < piece.Length ? 2 : 1);
            var known = Vocabulary.Spans.TryGetValue(piece.AsSpan(i, end - i), out id) && _options.Joinable.Contains(id);
            queue.Add(known ? id : -1, i, end);
            i = end;
        }

        var afterUnknown = false;
        queue.Run(piece, (id, start, end) =>
        {
            afterUnknown = id < 0 && AddUnknown(piece, start, end, afterUnknown, segments);
            if (id >= 0)
            {
                segments.Add(new Segment(id, start, end));
            }
        });
    }

    // Adds bytes, or an unknown token that takes in the one before it; says whether the last token is unknown.
    private bool AddUnknown(string piece, int start, int end, bool afterUnknown, List<Segment> segments)
    {
        if (_options.ByteFallback)
        {
            foreach (var value in Encoding.UTF8.GetBytes(piece[start..end]))
            {
                segments.Add(new Segment(_byteIds[value], start, end));
            }

            return false;
        }

        if (afterUnknown)
        {
            segments[^1] = segments[^1] with { End = end };
        }
        else
        {
            segments.Add(new Segment(_options.UnknownId, start, end));
        }

        return true;
    }
}
