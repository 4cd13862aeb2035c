namespace Interp.Analysis.Atoms.Probing;

/// <summary>How much of a labelled task single latents hold.</summary>
public sealed record ProbingResult
{
    /// <summary>The labels.</summary>
    public required ProbeTask Task { get; init; }

    /// <summary>Probes on the whole activation, mean over the classes: what there is to be found.</summary>
    public required ProbeScore Dense { get; init; }

    /// <summary>Probes on few latents and on few neurons.</summary>
    public required IReadOnlyList<SparseScore> Sparse { get; init; }

    /// <summary>The mean over classes of the share of rows on which the class's latents are silent and one other latent stands in.</summary>
    public required double AbsorptionRate { get; init; }

    /// <summary>The mean over classes of the share of rows on which the class's latents are silent.</summary>
    public required double MissRate { get; init; }

    /// <summary>The classes, most frequent first.</summary>
    public required IReadOnlyList<ProbedClass> Classes { get; init; }

    /// <summary>The labelled training rows read.</summary>
    public required int TrainingRows { get; init; }

    /// <summary>The labelled held-out rows read.</summary>
    public required int HeldOutRows { get; init; }

    /// <summary>The hook.</summary>
    public required string Hook { get; init; }

    /// <summary>The dictionary's latents.</summary>
    public required int Width { get; init; }
}
