namespace Interp.Analysis.Entanglement.Internal;

/// <summary>The entropy profile of one matrix with its nulls, in nats; lists hold one value a cut, the first after one site.</summary>
public sealed record EntanglementProfile
{
    /// <summary>The matrix.</summary>
    public required string Name { get; init; }

    /// <summary>The training step after which it was saved; null where it is not one of a series.</summary>
    public int? Step { get; init; }

    /// <summary>Its rows, outputs.</summary>
    public required int Rows { get; init; }

    /// <summary>Its columns, inputs.</summary>
    public required int Columns { get; init; }

    /// <summary>The sites' dimensions.</summary>
    public required int[] Sites { get; init; }

    /// <summary>The cut between rows and columns, counted from 1; 0 where there is none.</summary>
    public required int Boundary { get; init; }

    /// <summary>The cut between the head index and the rest of the attention heads' axis, where the sites have it; else null.</summary>
    public required int? HeadCut { get; init; }

    /// <summary>ln of the dimension left of each cut.</summary>
    public required double[] LogDimensions { get; init; }

    /// <summary>Von Neumann entropies.</summary>
    public required double[] Entropies { get; init; }

    /// <summary>Rényi-2 entropies.</summary>
    public required double[] Renyi2 { get; init; }

    /// <summary>S_∞, −ln of the largest weight.</summary>
    public required double[] MinEntropies { get; init; }

    /// <summary>A full-rank matrix of real Gaussian numbers, which weights are.</summary>
    public required double[] NullGaussian { get; init; }

    /// <summary>Page's values, the same for complex numbers.</summary>
    public required double[] NullPage { get; init; }

    /// <summary>The product of two real Gaussian matrices of the measured rank; null where the sites are interleaved.</summary>
    public required double[]? NullLowRank { get; init; }

    /// <summary>The same in the limit of large sizes; null where the sites are interleaved.</summary>
    public required double[]? NullLowRankLimit { get; init; }

    /// <summary>Rényi-2 entropies with the measured singular values and random singular vectors; null where the sites are interleaved.</summary>
    public required double[]? NullSpectrum { get; init; }

    /// <summary>Drawn matrices with the measured singular values, von Neumann entropies; null where none were drawn.</summary>
    public required SurrogateProfiles? Surrogates { get; init; }

    /// <summary>The numerical rank: squared singular values above 1e-14 of the largest.</summary>
    public required int Rank { get; init; }

    /// <summary>The entropy at the boundary.</summary>
    public required double? BoundaryEntropy { get; init; }

    /// <summary>e to the power of it.</summary>
    public required double? EffectiveRank { get; init; }

    /// <summary>The largest entropy left of the boundary.</summary>
    public required EntropyHump? RowHump { get; init; }

    /// <summary>The largest entropy right of the boundary.</summary>
    public required EntropyHump? ColumnHump { get; init; }

    /// <summary>The valley: the mean of the humps less the boundary's entropy; negative where there is none.</summary>
    public required double? Depth { get; init; }

    /// <summary>The share of entries that are exactly zero.</summary>
    public required double ZeroFraction { get; init; }

    /// <summary>The Frobenius norm over that of the matrix subtracted from; null where none was.</summary>
    public required double? RelativeNorm { get; init; }
}
