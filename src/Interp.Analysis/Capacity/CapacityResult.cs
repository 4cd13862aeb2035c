namespace Interp.Analysis.Capacity;

/// <summary>What was found about the directions of a token matrix.</summary>
public sealed record CapacityResult
{
    /// <summary>The matrix that was measured, in words.</summary>
    public required string Matrix { get; init; }

    /// <summary>The rows with a direction, V.</summary>
    public required long Vocabulary { get; init; }

    /// <summary>The rows of norm 0, left out.</summary>
    public required long ZeroRows { get; init; }

    /// <summary>The width d.</summary>
    public required int Dimension { get; init; }

    /// <summary>The mean cosine of all pairs of different rows.</summary>
    public required double Mean { get; init; }

    /// <summary>The population standard deviation of those cosines.</summary>
    public required double StandardDeviation { get; init; }

    /// <summary>ε: the mean plus two standard deviations.</summary>
    public required double Epsilon { get; init; }

    /// <summary>ε of independent random directions of this width, 2/√d.</summary>
    public required double EpsilonRandom { get; init; }

    /// <summary>ε over that of random directions; a bare ε rewards width.</summary>
    public required double EpsilonRatio { get; init; }

    /// <summary>The jackknife's standard error of ε over random blocks of rows; null for too few rows.</summary>
    public required double? EpsilonError { get; init; }

    /// <summary>ε after the mean row is taken from every row; a diagnostic of this project, not the paper's.</summary>
    public required double? CentredEpsilon { get; init; }

    /// <summary>Whether the capacity is finite.</summary>
    public required CapacityClass Class { get; init; }

    /// <summary>How many nearly orthogonal directions fit.</summary>
    public required CapacityNumbers Capacity { get; init; }

    /// <summary>Half the interval of ln k by the jackknife: 1.96 standard errors of ε, as ln k at ε plus that less ln k at ε; null where there is no error or no capacity.</summary>
    public double? LogCapacityHalfWidth { get; init; }

    /// <summary>By how many per cent <see cref="CapacityNumbers.Adjusted"/> moves when ε moves by one.</summary>
    public required double Elasticity { get; init; }

    /// <summary>The capacity at other numbers of standard deviations.</summary>
    public required IReadOnlyList<CapacityRule> Rules { get; init; }

    /// <summary>The capacity less the directions that tokens themselves take: V where embedding and unembedding are one matrix or it is not known, else 2V.</summary>
    public required double? Headroom { get; init; }

    /// <summary>The rows whose pairs were all counted for what follows; fewer than V where they were sampled.</summary>
    public required long HistogramRows { get; init; }

    /// <summary>The smallest cosine.</summary>
    public required double Minimum { get; init; }

    /// <summary>The largest cosine.</summary>
    public required double Maximum { get; init; }

    /// <summary>The share of pairs above ε.</summary>
    public required double ShareAbove { get; init; }

    /// <summary>The share of pairs above ε in magnitude.</summary>
    public required double ShareMagnitudeAbove { get; init; }

    /// <summary>The distribution of the cosines.</summary>
    public required CosineCounts Histogram { get; init; }

    /// <summary>Quantiles of the cosines, from a histogram of 8192 bins.</summary>
    public required IReadOnlyList<CosineQuantile> Quantiles { get; init; }

    /// <summary>The distribution of each row's largest cosine with another row, in the bins of <see cref="Histogram"/>.</summary>
    public required long[] NearestCounts { get; init; }

    /// <summary>The closest pairs of rows, closest first.</summary>
    public required IReadOnlyList<ClosePair> ClosestPairs { get; init; }

    /// <summary>The rows nearest to and farthest from the rows that were asked for.</summary>
    public IReadOnlyList<RowNeighbours> Neighbours { get; init; } = [];

    /// <summary>The cosines of each token's embedding with its unembedding; null where they are tied or of different shapes.</summary>
    public PairedCosines? Paired { get; init; }

    /// <summary>The kinds of token, each alone and left out; empty where no tokenizer names the rows.</summary>
    public IReadOnlyList<TokenGroup> TokenGroups { get; init; } = [];

    /// <summary>Other matrices, measured for comparison.</summary>
    public IReadOnlyList<ComparedMatrix> Compared { get; init; } = [];

    /// <summary>What a reader should know before using the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
