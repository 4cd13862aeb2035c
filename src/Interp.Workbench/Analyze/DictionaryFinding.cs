namespace Interp.Workbench.Analyze;

/// <summary>How far the dictionary can be trusted, in short.</summary>
public sealed record DictionaryFinding
{
    /// <summary>The latents.</summary>
    public required int Latents { get; init; }

    /// <summary>The share of latents that fire at all, 0–1.</summary>
    public required double AliveFraction { get; init; }

    /// <summary>Active latents a row.</summary>
    public required double L0 { get; init; }

    /// <summary>Explained variance on rows of prompts that training never saw, 0–1.</summary>
    public required double HeldOutExplainedVariance { get; init; }

    /// <summary>The same on the rows of the training.</summary>
    public required double ExplainedVariance { get; init; }

    /// <summary>The same with every latent's codes shuffled over rows: what L0 and densities alone give.</summary>
    public required double ShuffledCodesExplainedVariance { get; init; }

    /// <summary>The share of living latents that fire on one row only, 0–1: memory, not features.</summary>
    public required double SingleSampleFraction { get; init; }

    /// <summary>The share of the loss between the whole model and one without these activations that the dictionary keeps; null without a model.</summary>
    public double? LossRecovered { get; init; }
}
