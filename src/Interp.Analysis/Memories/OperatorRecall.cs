namespace Interp.Analysis.Memories;

/// <summary>How well one operator recalls the associations.</summary>
public sealed record OperatorRecall
{
    /// <summary>"head", "mlp", "direct", or "sum" for heads added up.</summary>
    public required string Kind { get; init; }

    /// <summary>The layer; null for the direct path.</summary>
    public int? Layer { get; init; }

    /// <summary>The head; null for others.</summary>
    public int? Head { get; init; }

    /// <summary>The share of keys recalled first, weighted by frequency.</summary>
    public required double Recall1 { get; init; }

    /// <summary>The same among the first 5.</summary>
    public required double Recall5 { get; init; }

    /// <summary>The same among the first 10.</summary>
    public required double Recall10 { get; init; }

    /// <summary>The same among the first 100.</summary>
    public required double Recall100 { get; init; }

    /// <summary>The share of keys recalled first, each counted once.</summary>
    public required double PlainRecall1 { get; init; }

    /// <summary>The same among the first 10.</summary>
    public required double PlainRecall10 { get; init; }

    /// <summary>The median margin of the right value over the best wrong one, score units.</summary>
    public required double MedianMargin { get; init; }

    /// <summary>Recall@1 with permuted associations: the mean.</summary>
    public required double PermutedMean { get; init; }

    /// <summary>The same: the 97.5th percentile.</summary>
    public required double PermutedUpper { get; init; }

    /// <summary>The share of permutations that recall at least as much, with the measurement counted among them.</summary>
    public required double PValue { get; init; }

    /// <summary>Whether recall passes the permutations over all operators (Benjamini–Hochberg), the constant answer and, where it was taken, the null of the same spectrum.</summary>
    public bool IsMemory { get; init; }
}
