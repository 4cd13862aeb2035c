namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>What a dictionary does, with the controls that its numbers must be read beside.</summary>
public sealed record AtomsEvalResult
{
    /// <summary>Explained variance on rows of documents that training never saw; all rows where the dictionary was trained elsewhere.</summary>
    public required double HeldOutExplainedVariance { get; init; }

    /// <summary>Explained variance on the training rows; on all rows where the dictionary was trained elsewhere.</summary>
    public required double ExplainedVariance { get; init; }

    /// <summary>The share of living latents that fire on one training row only, 0–1.</summary>
    public required double SingleSampleFraction { get; init; }

    /// <summary>Training rows for each latent.</summary>
    public required double RowsPerLatent { get; init; }

    /// <summary>How rows were told apart: "dictionary" (its own record), or "options" (trained elsewhere, so that no row here was seen as far as is known).</summary>
    public required string Split { get; init; }

    /// <summary>Active latents a training row, mean.</summary>
    public required double L0 { get; init; }

    /// <summary>Active latents a held-out row, mean.</summary>
    public required double HeldOutL0 { get; init; }

    /// <summary>Quantiles of the number of active latents on training rows.</summary>
    public required L0Quantiles L0Quantiles { get; init; }

    /// <summary>The mean sum of codes on held-out rows.</summary>
    public required double L1 { get; init; }

    /// <summary>The mean cosine of held-out rows and their reconstruction.</summary>
    public required double Cosine { get; init; }

    /// <summary>The mean length of held-out reconstructions over that of the rows; below 1 is shrinkage.</summary>
    public required double LengthRatio { get; init; }

    /// <summary>E‖x̂‖²/E[x·x̂] on held-out rows; 1 is unbiased.</summary>
    public required double RelativeBias { get; init; }

    /// <summary>Explained variance on held-out rows after every latent's codes are shuffled over rows: what L0 and densities alone give.</summary>
    public required double ShuffledCodesExplainedVariance { get; init; }

    /// <summary>The share of latents that fire on a training row at all, 0–1.</summary>
    public required double AliveFraction { get; init; }

    /// <summary>The training rows read.</summary>
    public required long TrainingRows { get; init; }

    /// <summary>The held-out rows read.</summary>
    public required long HeldOutRows { get; init; }

    /// <summary>The model's loss with the dictionary in place; null without a model.</summary>
    public SplicedLosses? CrossEntropy { get; init; }

    /// <summary>The greatest absolute cosines of two directions.</summary>
    public required CoherenceSummary Coherence { get; init; }

    /// <summary>How far the bound for a unique code is met.</summary>
    public required UniquenessSummary Uniqueness { get; init; }

    /// <summary>Directions and controls under each metric.</summary>
    public required IReadOnlyList<CoherenceRow> Controls { get; init; }

    /// <summary>The atomic inner product behind the numbers.</summary>
    public required MetricSummary Metric { get; init; }

    /// <summary>Angles between activations, as they are and whitened.</summary>
    public required IReadOnlyList<AngleSummary> Angles { get; init; }

    /// <summary>How nearly the encoder is tied to the decoder.</summary>
    public required EncoderAlignment EncoderDecoder { get; init; }

    /// <summary>The theory's windows for the thresholds; empty without thresholds, living latents or a metric.</summary>
    public required IReadOnlyList<WindowSummary> Windows { get; init; }

    /// <summary>What a least-squares refit of the codes gains on held-out rows.</summary>
    public required RefitSummary Refit { get; init; }

    /// <summary>Quantiles of cosines against the bound.</summary>
    public required UniquenessCurve Curve { get; init; }

    /// <summary>How many latents fire how often on the training rows.</summary>
    public required DensityHistogram Density { get; init; }

    /// <summary>How near each living latent's nearest other direction is.</summary>
    public required CosineHistogram NearestDirections { get; init; }

    /// <summary>The dictionary's latents.</summary>
    public required int Width { get; init; }

    /// <summary>The width of the activations.</summary>
    public required int InputWidth { get; init; }

    /// <summary>The hook.</summary>
    public required string Hook { get; init; }

    /// <summary>What to know before reading the numbers, one line each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
