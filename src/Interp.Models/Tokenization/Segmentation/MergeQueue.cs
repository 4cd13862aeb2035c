namespace Interp.Models.Tokenization.Segmentation;

/// <summary>
/// Joins neighbouring symbols, lowest priority value first and leftmost first among equals, until none can be joined:
/// O(n log n) in the number of symbols.
/// </summary>
/// <typeparam name="TRule">Says which neighbours join.</typeparam>
internal sealed class MergeQueue<TRule>
    where TRule : IMergeRule
{
    private readonly PriorityQueue<Candidate, (double Priority, int Position)> _queue = new();
    private readonly List<Symbol> _symbols = [];
    private readonly TRule _rule;

    public MergeQueue(TRule rule)
    {
        _rule = rule;
    }

    /// <summary>Adds the next symbol: an id, or -1 for text outside the vocabulary, and its range in the piece.</summary>
    public void Add(int id, int start, int end, bool isFixed = false) =>
        _symbols.Add(new Symbol(id, start, end, _symbols.Count - 1, _symbols.Count + 1, isFixed));

    /// <summary>Joins all that can be joined and calls with what is left, in order.</summary>
    public void Run(string piece, Action<int, int, int> emit)
    {
        for (var i = 0; i + 1 < _symbols.Count; i++)
        {
            Offer(piece, i);
        }

        while (_queue.TryDequeue(out var candidate, out _))
        {
            Join(piece, candidate);
        }

        for (var i = 0; i < _symbols.Count; i = _symbols[i].Next)
        {
            emit(_symbols[i].Id, _symbols[i].Start, _symbols[i].End);
        }

        _symbols.Clear();
    }

    private void Join(string piece, Candidate candidate)
    {
        var left = _symbols[candidate.Left];
        if (left.Start < 0 || left.Next != candidate.Right || left.Id != candidate.LeftId || left.End != candidate.LeftEnd)
        {
            return;
        }

        var right = _symbols[candidate.Right];
        if (right.End != candidate.RightEnd || right.Id != candidate.RightId)
        {
            return;
        }

        _symbols[candidate.Left] = left with { Id = candidate.MergedId, End = right.End, Next = right.Next };
        _symbols[candidate.Right] = right with { Start = -1 };
        if (right.Next < _symbols.Count)
        {
            _symbols[right.Next] = _symbols[right.Next] with { Previous = candidate.Left };
            Offer(piece, candidate.Left);
        }

        if (left.Previous >= 0)
        {
            Offer(piece, left.Previous);
        }
    }

    private void Offer(string piece, int left)
    {
        var first = _symbols[left];
        var second = _symbols[first.Next];
        if (!first.IsFixed && !second.IsFixed
            && _rule.TryMerge(piece, (first.Id, first.Start, first.End), (second.Id, second.Start, second.End), out var priority, out var id))
        {
            _queue.Enqueue(new Candidate(left, first.Next, first.Id, second.Id, first.End, second.End, id), (priority, left));
        }
    }

    private readonly record struct Symbol(int Id, int Start, int End, int Previous, int Next, bool IsFixed);

    private readonly record struct Candidate(int Left, int Right, int LeftId, int RightId, int LeftEnd, int RightEnd, int MergedId);
}
