namespace Interp.Models.Tokenization.Segmentation;

/// <summary>A merge list: pairs of ids that join, earliest in the list first.</summary>
internal sealed class RankedMerges : IMergeRule
{
    private readonly Dictionary<long, (int Rank, int Id)> _merges;

    private RankedMerges(Dictionary<long, (int Rank, int Id)> merges)
    {
        _merges = merges;
    }

    /// <summary>Looks the pairs up in a vocabulary.</summary>
    /// <param name="vocabulary">Where the parts and what they join to stand.</param>
    /// <param name="pairs">The pairs, earliest first.</param>
    /// <param name="prefix">The prefix that a right part loses when it joins.</param>
    /// <param name="source">What to name in an error.</param>
    /// <exception cref="TokenizerException">A part or a joined pair is not in the vocabulary.</exception>
    public static RankedMerges Create(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> pairs, string prefix, string source)
    {
        var merges = new Dictionary<long, (int Rank, int Id)>(pairs.Count);
        for (var rank = 0; rank < pairs.Count; rank++)
        {
            var (left, right) = pairs[rank];
            var joined = left + (right.StartsWith(prefix, StringComparison.Ordinal) ? right[prefix.Length..] : right);
            merges[Key(Id(left), Id(right))] = (rank, Id(joined));

            int Id(string part) => vocabulary.IdOf(part)
                ?? throw new TokenizerException($"{source}: merge {rank} joins '{left}' and '{right}', but '{part}' is not in the vocabulary: the vocabulary and the merges belong to different tokenizers");
        }

        return new RankedMerges(merges);
    }

    /// <inheritdoc/>
    public bool TryMerge(string piece, (int Id, int Start, int End) left, (int Id, int Start, int End) right, out double priority, out int id)
    {
        var found = _merges.TryGetValue(Key(left.Id, right.Id), out var merge);
        priority = merge.Rank;
        id = merge.Id;
        return found;
    }

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;
}
