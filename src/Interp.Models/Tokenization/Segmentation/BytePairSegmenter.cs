using System.Text;

namespace Interp.Models.Tokenization.Segmentation;

/// <summary>Byte-pair encoding: starts from characters and joins neighbours in the order of the merge list.</summary>
/// <remarks>Same ids as `models/bpe` of huggingface/tokenizers, with no dropout.</remarks>
internal sealed class BytePairSegmenter : ISegmenter
{
    private readonly BytePairOptions _options;
    private readonly int[] _byteIds;
    private readonly RankedMerges _merges;
    private readonly PieceCache _cache = new();

    public BytePairSegmenter(Vocabulary vocabulary, RankedMerges merges, BytePairOptions options)
    {
        Vocabulary = vocabulary;
        _merges = merges;
        _options = options;
        _byteIds = options.ByteFallback ? vocabulary.ByteIds() : [];
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public void Segment(string piece, List<Segment> segments)
    {
        if (piece.Length == 0 || _cache.TryAdd(piece, segments))
        {
            return;
        }

        var first = segments.Count;
        if (_options.IgnoreMerges && Vocabulary.IdOf(piece) is { } whole)
        {
            segments.Add(new Segment(whole, 0, piece.Length));
        }
        else
        {
            var queue = new MergeQueue<RankedMerges>(_merges);
            AddCharacters(piece, queue);
            queue.Run(piece, (id, start, end) => segments.Add(new Segment(id, start, end)));
        }

        _cache.Remember(piece, segments, first);
    }

    private void AddCharacters(string piece, MergeQueue<RankedMerges> queue)
    {
        var unknownStart = -1;
        var end = 0;
        for (var i = 0; i < piece.Length; i = end)
        {
            end = i + (char.IsHighSurrogate(piece[i]) && i + 1 < piece.Length ? 2 : 1);
            var id = IdOfCharacter(piece, i, end);
            var isUnknown = id < 0 && !HasBytes(piece.AsSpan(i, end - i));
            if (unknownStart >= 0 && !(isUnknown && _options.FuseUnknown))
            {
                queue.Add(_options.UnknownId!.Value, unknownStart, i);
                unknownStart = -1;
            }

            if (isUnknown)
            {
                unknownStart = unknownStart >= 0 || _options.UnknownId is null ? unknownStart : i;
            }
            else
            {
                AddKnown(piece, i, end, id, queue);
            }
        }

        if (unknownStart >= 0)
        {
            queue.Add(_options.UnknownId!.Value, unknownStart, end);
        }
    }

    private void AddKnown(string piece, int start, int end, int id, MergeQueue<RankedMerges> queue)
    {
        if (id >= 0)
        {
            queue.Add(id, start, end);
            return;
        }

        foreach (var value in Encoding.UTF8.GetBytes(piece[start..end]))
        {
            queue.Add(_byteIds[value], start, end);
        }
    }

    private int IdOfCharacter(string piece, int start, int end)
    {
        var prefix = start > 0 ? _options.Prefix : "";
        var suffix = end == piece.Length ? _options.Suffix : "";
        var found = prefix.Length + suffix.Length == 0
            ? Vocabulary.Spans.TryGetValue(piece.AsSpan(start, end - start), out var id)
            : Vocabulary.Spans.TryGetValue(string.Concat(prefix, piece.AsSpan(start, end - start), suffix), out id);
        return found ? id : -1;
    }

    private bool HasBytes(ReadOnlySpan<char> character)
    {
        if (!_options.ByteFallback)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[8];
        foreach (var value in bytes[..Encoding.UTF8.GetBytes(character, bytes)])
        {
            if (_byteIds[value] < 0)
            {
                return false;
            }
        }

        return true;
    }
}
