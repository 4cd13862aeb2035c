namespace Interp.Analysis.Atoms.Stability;

/// <summary>Which directions of a dictionary other trainings find too.</summary>
public sealed record StabilityResult
{
    /// <summary>The mean over the others of <see cref="StabilityRow.MeanMaximum"/>, Euclidean.</summary>
    public required double MeanMaximum { get; init; }

    /// <summary>The same of random directions: chance.</summary>
    public required double RandomMeanMaximum { get; init; }

    /// <summary>√(2 ln N/d), about the greatest cosine of a direction with N random ones.</summary>
    public required double RandomEstimate { get; init; }

    /// <summary>Every comparison with its control.</summary>
    public required IReadOnlyList<StabilityRow> Rows { get; init; }

    /// <summary>For each (living) latent its mean greatest cosine over the others, Euclidean, greatest first: the latents that every seed finds come first.</summary>
    public required IReadOnlyList<LatentStability> Latents { get; init; }

    /// <summary>The width of the directions.</summary>
    public required int OutputWidth { get; init; }

    /// <summary>What to know before reading the numbers, one line each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
