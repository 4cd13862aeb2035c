namespace Interp.Analysis.Memories;

/// <summary>The operators of a model as associative memories.</summary>
public sealed record MemoriesResult
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The associations, in words.</summary>
    public required string Associations { get; init; }

    /// <summary>The keys N.</summary>
    public required int Keys { get; init; }

    /// <summary>The values M that compete.</summary>
    public required int Values { get; init; }

    /// <summary>α̂: minus the slope of ln p on ln rank over the ranks of <see cref="AlphaRanks"/>; null where keys are equally frequent.</summary>
    public required double? Alpha { get; init; }

    /// <summary>The first and last rank of that fit.</summary>
    public required IReadOnlyList<int> AlphaRanks { get; init; }

    /// <summary>Recall@1 of always answering the likeliest value: the floor.</summary>
    public required double ConstantRecall { get; init; }

    /// <summary>The operators: the direct path, heads, MLPs.</summary>
    public required IReadOnlyList<OperatorRecall> Operators { get; init; }

    /// <summary>The best heads, looked at closely.</summary>
    public required IReadOnlyList<HeadDetail> Details { get; init; }

    /// <summary>Frequencies of the keys, most frequent first.</summary>
    public required IReadOnlyList<double> Probabilities { get; init; }

    /// <summary>What a reader should know before using the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
