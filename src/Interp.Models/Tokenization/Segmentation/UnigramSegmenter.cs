using System.Text;

namespace Interp.Models.Tokenization.Segmentation;

/// <summary>Unigram model: of all ways to cut the piece into tokens, the one with the highest sum of log probabilities (Viterbi).</summary>
/// <remarks>
/// Same ids as `models/unigram` of huggingface/tokenizers and `unigram_model.cc` of SentencePiece: an unknown character
/// costs 10 more than the rarest piece. Linear in the piece's length times the longest token's.
/// </remarks>
internal sealed class UnigramSegmenter : ISegmenter
{
    private const double UnknownPenalty = 10;
    private readonly UnigramOptions _options;
    private readonly PieceTrie _trie = new();
    private readonly int[] _byteIds;

    public UnigramSegmenter(Vocabulary vocabulary, UnigramOptions options)
    {
        Vocabulary = vocabulary;
        _options = options;
        _byteIds = options.ByteFallback ? vocabulary.ByteIds() : [];
        foreach (var id in options.Matchable)
        {
            if (vocabulary.TextOf(id) is { Length: > 0 } text)
            {
                _trie.Add(text, id);
            }
        }
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

        var path = BestPath(piece);
        var found = new List<Segment>();
        for (var end = piece.Length; end > 0; end = path[end].Start)
        {
            found.Add(new Segment(path[end].Id, path[end].Start, end));
        }

        for (var i = found.Count - 1; i >= 0; i--)
        {
            var segment = found[i];
            for (; segment.Id < 0 && i > 0 && found[i - 1].Id < 0; i--)
            {
                segment = segment with { End = found[i - 1].End };
            }

            AddSegment(piece, segment, segments);
        }
    }

    private void AddSegment(string piece, Segment segment, List<Segment> segments)
    {
        if (segment.Id >= 0)
        {
            segments.Add(segment);
            return;
        }

        var bytes = _options.ByteFallback ? Encoding.UTF8.GetBytes(piece[segment.Start..segment.End]) : [];
        if (bytes.Length == 0 || Array.Exists(bytes, value => _byteIds[value] < 0))
        {
            segments.Add(segment with
            {
                Id = _options.UnknownId
                    ?? throw new TokenizerException($"{_options.Source}: the text holds '{piece[segment.Start..segment.End]}', which the vocabulary lacks, and the tokenizer names no unknown token"),
            });
            return;
        }

        for (var i = segment.Start; i < segment.End;)
        {
            Rune.DecodeFromUtf16(piece.AsSpan(i), out var rune, out var units);
            foreach (var value in Encoding.UTF8.GetBytes(rune.ToString()))
            {
                segments.Add(new Segment(_byteIds[value], i, i + units));
            }

            i += units;
        }
    }

    // path[e] is the last token, -1 for unknown, of the best way to cut the first e units.
    private (double Score, int Start, int Id)[] BestPath(string piece)
    {
        var path = new (double Score, int Start, int Id)[piece.Length + 1];
        Array.Fill(path, (double.NegativeInfinity, -1, -1), 1, piece.Length);
        for (var start = 0; start < piece.Length;)
        {
            var width = char.IsHighSurrogate(piece[start]) && start + 1 < piece.Length ? 2 : 1;
            var coversCharacter = false;
            var node = 0;
            for (var end = start + 1; end <= piece.Length && _trie.TryStep(piece[end - 1], ref node, out var id); end++)
            {
                if (id >= 0)
                {
                    Offer(path, start, end, _options.Scores[id], id);
                    coversCharacter |= end - start == width;
                }
            }

            if (!coversCharacter)
            {
                Offer(path, start, start + width, _options.LowestScore - UnknownPenalty, -1);
            }

            start += width;
        }

        return path;
    }

    private static void Offer((double Score, int Start, int Id)[] path, int start, int end, double score, int id)
    {
        var total = path[start].Score + score;
        if (path[end].Start < 0 || total > path[end].Score)
        {
            path[end] = (total, start, id);
        }
    }
}
