using Interp.Compute.Options;

namespace Interp.Analysis.Capacity;

/// <summary>How the capacity of a token matrix is measured.</summary>
public sealed record CapacityOptions
{
    /// <summary>Which of a model's token matrices is measured.</summary>
    [Option("Which of a model's token matrices is measured; the published values are of the embedding.")]
    public EmbeddingMatrix Matrix { get; init; }

    /// <summary>The bins of the histogram that is shown.</summary>
    [Option("The bins of the histogram that is shown; a power of two.", Minimum = 16, Maximum = 8192, Unit = "bins")]
    public int Bins { get; init; } = 8192;

    /// <summary>The most rows of which all pairs are counted; of a larger matrix, a seeded sample of rows.</summary>
    [Option("The most rows of which all pairs are counted for the histogram; of more, a random sample (mean and deviation always use all).", Minimum = 2, Maximum = 1_000_000, Unit = "rows", Advanced = true)]
    public int HistogramRows { get; init; } = 60_000;

    /// <summary>The blocks of the jackknife.</summary>
    [Option("The blocks of rows that the error bar of epsilon leaves out in turn.", Minimum = 2, Maximum = 1000, Unit = "blocks", Advanced = true)]
    public int Blocks { get; init; } = 20;

    /// <summary>Rows whose nearest and farthest rows are listed.</summary>
    [Option("Tokens whose nearest and farthest tokens are listed, separated by commas: texts of one token or #id; row numbers of a tensor.")]
    public IReadOnlyList<string> Tokens { get; init; } = [];

    /// <summary>How many nearest and farthest rows are listed for each of <see cref="Tokens"/>.</summary>
    [Option("How many nearest and farthest rows are listed for each of those tokens.", Minimum = 1, Maximum = 10_000, Unit = "rows")]
    public int Neighbours { get; init; } = 10;

    /// <summary>Other matrices to compare with.</summary>
    [Option("Other matrices whose epsilon is shown beside, separated by commas: folders of models or dictionaries, or FILE:TENSOR.")]
    public IReadOnlyList<string> Compare { get; init; } = [];

    /// <summary>How many pairs of nearest rows are listed.</summary>
    [Option("How many of the closest pairs of rows are listed.", Minimum = 0, Maximum = 10_000, Unit = "pairs")]
    public int ClosestPairs { get; init; } = 20;

    /// <summary>The seed of the blocks and of the sample.</summary>
    [Option("The seed of the blocks and of the sample of rows.", Minimum = 0, Maximum = long.MaxValue)]
    public long Seed { get; init; }
}
