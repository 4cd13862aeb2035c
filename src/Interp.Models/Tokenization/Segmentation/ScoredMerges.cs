namespace Interp.Models.Tokenization.Segmentation;

/// <summary>SentencePiece's rule: neighbours join when what they spell is a piece, highest score first.</summary>
internal sealed class ScoredMerges : IMergeRule
{
    private readonly Vocabulary _vocabulary;
    private readonly IReadOnlyList<float> _scores;
    private readonly IReadOnlySet<int> _joinable;

    /// <param name="vocabulary">The pieces.</param>
    /// <param name="scores">Their scores by id.</param>
    /// <param name="joinable">The pieces that joining may give.</param>
    public ScoredMerges(Vocabulary vocabulary, IReadOnlyList<float> scores, IReadOnlySet<int> joinable)
    {
        _vocabulary = vocabulary;
        _scores = scores;
        _joinable = joinable;
    }

    /// <inheritdoc/>
    public bool TryMerge(string piece, (int Id, int Start, int End) left, (int Id, int Start, int End) right, out double priority, out int id)
    {
        priority = 0;
        if (!_vocabulary.Spans.TryGetValue(piece.AsSpan(left.Start, right.End - left.Start), out id) || !_joinable.Contains(id))
        {
            return false;
        }

        priority = -_scores[id];
        return true;
    }
}
