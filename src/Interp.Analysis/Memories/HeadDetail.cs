namespace Interp.Analysis.Memories;

/// <summary>A head looked at closely.</summary>
public sealed record HeadDetail
{
    /// <summary>The layer.</summary>
    public required int Layer { get; init; }

    /// <summary>The head.</summary>
    public required int Head { get; init; }

    /// <summary>The width of the memory, the head's width.</summary>
    public required int Rank { get; init; }

    /// <summary>1/E[cos²] of the projected keys: the width that predictions use beside the rank.</summary>
    public required double EffectiveDimension { get; init; }

    /// <summary>The slope ρ̂ of ln q̂ on ln p over the leading usable keys; null where fewer than five are usable or the keys are equally frequent.</summary>
    public required LineFit? StorageExponent { get; init; }

    /// <summary>The same of scores that are not divided by the squared norms.</summary>
    public required LineFit? StorageExponentWithNorms { get; init; }

    /// <summary>The leading keys up to the first with q̂ of at most three times the interference.</summary>
    public required int UsableKeys { get; init; }

    /// <summary>The share of keys with a negative storage weight.</summary>
    public required double NegativeShare { get; init; }

    /// <summary>Keys at which the running recall first falls below a half; null where it never does.</summary>
    public required int? ThresholdRank { get; init; }

    /// <summary>1 − recall@1.</summary>
    public required double Error { get; init; }

    /// <summary>The finite-size prediction for the storage weights at d = rank.</summary>
    public required double PredictedError { get; init; }

    /// <summary>The same at d = <see cref="EffectiveDimension"/>.</summary>
    public required double PredictedErrorEffective { get; init; }

    /// <summary>Recall@1 of operators with the same singular values and random bases: mean.</summary>
    public required double SameSpectrumMean { get; init; }

    /// <summary>The same: the 97.5th percentile.</summary>
    public required double SameSpectrumUpper { get; init; }

    /// <summary>Recall@1 of plain superposition on the same embeddings, q = p^ρ̂, cut to the head's rank.</summary>
    public required double HebbianTwin { get; init; }

    /// <summary>Recall@1 of the same with random embeddings of the same size: mean over the draws.</summary>
    public required double GaussianTwin { get; init; }

    /// <summary>Singular values kept.</summary>
    public required IReadOnlyList<int> KeptRanks { get; init; }

    /// <summary>The error with only so many singular values kept.</summary>
    public required IReadOnlyList<double> TruncatedErrors { get; init; }

    /// <summary>Widths to which keys and values were randomly projected.</summary>
    public required IReadOnlyList<int> ProjectedWidths { get; init; }

    /// <summary>The mean error at those widths.</summary>
    public required IReadOnlyList<double> ProjectedErrors { get; init; }

    /// <summary>The deviation of the error over the projections.</summary>
    public required IReadOnlyList<double> ProjectedDeviations { get; init; }

    /// <summary>The most frequent keys that are not recalled, with what drowns them.</summary>
    public required IReadOnlyList<KeyInterference> Interference { get; init; }

    /// <summary>Keys recalled over d²/(2 ln n) with d² between rank² and rank·d_model; the sharp linear bound.</summary>
    public required IReadOnlyList<double> CapacityRatio { get; init; }

    /// <summary>Storage weights q̂ of the keys.</summary>
    public required IReadOnlyList<double> StorageWeights { get; init; }

    /// <summary>Margins of the keys.</summary>
    public required IReadOnlyList<double> Margins { get; init; }

    /// <summary>Whether each key is recalled first.</summary>
    public required IReadOnlyList<bool> IsRecalled { get; init; }
}
