using System.Collections.Concurrent;

namespace Interp.Models.Tokenization.Segmentation;

/// <summary>Remembers the tokens of short pieces, which repeat in any text; stops taking new ones when full.</summary>
internal sealed class PieceCache
{
    private const int Capacity = 65536;
    private const int LongestPiece = 64;
    private readonly ConcurrentDictionary<string, Segment[]> _entries = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Adds the remembered tokens of a piece, if it is remembered.</summary>
    public bool TryAdd(string piece, List<Segment> segments)
    {
        if (piece.Length > LongestPiece || !_entries.TryGetValue(piece, out var found))
        {
            return false;
        }

        segments.AddRange(found);
        return true;
    }

    /// <summary>Remembers the tokens that were added from <paramref name="first"/> on.</summary>
    public void Remember(string piece, List<Segment> segments, int first)
    {
        if (piece.Length <= LongestPiece && _count < Capacity
            && _entries.TryAdd(piece, [.. segments.GetRange(first, segments.Count - first)]))
        {
            Interlocked.Increment(ref _count);
        }
    }
}
