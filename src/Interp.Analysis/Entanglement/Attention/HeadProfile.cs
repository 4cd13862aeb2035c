namespace Interp.Analysis.Entanglement.Attention;

/// <summary>The entropy profile of one head, averaged over prompts, in nats; lists hold one value a cut, the first after one site.</summary>
public sealed record HeadProfile
{
    /// <summary>The hook and the head ("blocks.0.attn.hook_pattern.3").</summary>
    public required string Name { get; init; }

    /// <summary>The layer.</summary>
    public required int Layer { get; init; }

    /// <summary>The head.</summary>
    public required int Head { get; init; }

    /// <summary>The rows, queries.</summary>
    public required int Rows { get; init; }

    /// <summary>The columns, keys.</summary>
    public required int Columns { get; init; }

    /// <summary>The sites' dimensions.</summary>
    public required int[] Sites { get; init; }

    /// <summary>The cut between queries and keys, counted from 1.</summary>
    public required int Boundary { get; init; }

    /// <summary>Von Neumann entropies, the mean over prompts.</summary>
    public required double[] Entropies { get; init; }

    /// <summary>The standard error of those means; zeros for a single prompt.</summary>
    public required double[] EntropyErrors { get; init; }

    /// <summary>Rényi-2 entropies, the mean over prompts.</summary>
    public required double[] Renyi2 { get; init; }

    /// <summary>A full-rank matrix of real Gaussian numbers.</summary>
    public required double[] NullGaussian { get; init; }

    /// <summary>The product of two Gaussian matrices of the measured rank.</summary>
    public required double[] NullLowRank { get; init; }

    /// <summary>Rényi-2 entropies with the measured singular values and random singular vectors, the mean over prompts.</summary>
    public required double[] NullSpectrum { get; init; }

    /// <summary>The numerical rank on the first prompt.</summary>
    public required int Rank { get; init; }

    /// <summary>The largest weight between queries and keys, the mean over prompts; near 1 for a sink.</summary>
    public required double LargestWeight { get; init; }

    /// <summary>The mean attention that the first token receives, 0–1; null for scores.</summary>
    public required double? FirstMass { get; init; }

    /// <summary>The mean distance looked back, in tokens; null for scores.</summary>
    public required double? Distance { get; init; }

    /// <summary>The mean of the rows' Shannon entropies over the largest they can have, 0–1; null for scores.</summary>
    public required double? Evenness { get; init; }

    /// <summary>The mean weight on the nearest eighth of the tokens, 0–1; null for scores.</summary>
    public required double? NearMass { get; init; }

    /// <summary>What the attention looks like; mixed for scores.</summary>
    public required HeadKind Kind { get; init; }

    /// <summary>Whether the first token receives more than the options' share.</summary>
    public required bool IsSink { get; init; }

    /// <summary>The entropies with the first token's column removed and rows scaled to 1 again; null where nothing is left.</summary>
    public required double[]? WithoutFirst { get; init; }

    /// <summary>The entropy between queries and keys of prefixes, for each of the result's lengths.</summary>
    public required double[] PrefixEntropies { get; init; }

    /// <summary>Laws fitted to <see cref="Entropies"/> and to <see cref="PrefixEntropies"/>.</summary>
    public required IReadOnlyList<ScalingFit> Fits { get; init; }

    /// <summary>Laws fitted to <see cref="WithoutFirst"/>; empty where there is none.</summary>
    public required IReadOnlyList<ScalingFit> FitsWithoutFirst { get; init; }

    /// <summary>The law that is decisively best against the cut; null where none is.</summary>
    public required ScalingLaw? CutLaw { get; init; }

    /// <summary>The law that is decisively best against the length; null where none is.</summary>
    public required ScalingLaw? LengthLaw { get; init; }
}
