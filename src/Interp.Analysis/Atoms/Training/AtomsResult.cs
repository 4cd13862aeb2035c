namespace Interp.Analysis.Atoms.Training;

/// <summary>A trained dictionary and what it does on training and held-out rows. The first numbers tell memorising from finding.</summary>
public sealed record AtomsResult
{
    /// <summary>1 − residual over variance on rows of documents that training never saw; NaN where none were held out.</summary>
    public required double HeldOutExplainedVariance { get; init; }

    /// <summary>The same on the training rows.</summary>
    public required double ExplainedVariance { get; init; }

    /// <summary>The share of the latents alive on the training rows which fire on one of them only, 0–1.</summary>
    public required double SingleSampleFraction { get; init; }

    /// <summary>Training rows for each latent.</summary>
    public required double RowsPerLatent { get; init; }

    /// <summary>Active latents a training row.</summary>
    public required double L0 { get; init; }

    /// <summary>Active latents a held-out row; NaN where none were held out.</summary>
    public required double HeldOutL0 { get; init; }

    /// <summary>The share of latents that fire on at least one training row, 0–1.</summary>
    public required double AliveFraction { get; init; }

    /// <summary>The model whose activations these are.</summary>
    public string? Model { get; init; }

    /// <summary>The hook.</summary>
    public required string Hook { get; init; }

    /// <summary>The hook that a transcoder writes; null for an autoencoder.</summary>
    public string? TargetHook { get; init; }

    /// <summary>Where several were trained on the same rows, all of them, this one first; else empty.</summary>
    public IReadOnlyList<AtomsGridRow> Grid { get; init; } = [];

    /// <summary>The kind of dictionary.</summary>
    public required TrainedArchitecture Architecture { get; init; }

    /// <summary>The latents.</summary>
    public required int Width { get; init; }

    /// <summary>The width of the activations.</summary>
    public required int InputWidth { get; init; }

    /// <summary>The rows trained on; of a live stream the part of its sample that is not held out.</summary>
    public required long TrainingRows { get; init; }

    /// <summary>The rows that a live model gave, in all steps; null where the training rows were stored.</summary>
    public long? StreamedRows { get; init; }

    /// <summary>The rows held out.</summary>
    public required long HeldOutRows { get; init; }

    /// <summary>The steps taken.</summary>
    public required int Steps { get; init; }

    /// <summary>The rows a step: the option, or all training rows where they are fewer.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The L0 asked for; null where sparsity had a price instead.</summary>
    public double? TargetL0 { get; init; }

    /// <summary>The factor that brought the inputs to unit mean square; folded into the saved dictionary.</summary>
    public required double InputScale { get; init; }

    /// <summary>The training curve.</summary>
    public required IReadOnlyList<AtomsTrainingPoint> History { get; init; }

    /// <summary>How many latents fire how often on the training rows.</summary>
    public required DensityHistogram Density { get; init; }

    /// <summary>How near each alive latent's nearest other direction is.</summary>
    public required CosineHistogram NearestDirections { get; init; }
}
