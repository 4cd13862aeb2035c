namespace Interp.Analysis.Circles.Probe;

/// <summary>How well one harmonic of a label is read from the residual stream at one place.</summary>
public sealed record ProbeMeasure
{
    /// <summary>The layer whose input is read; the number of layers stands for the stream after the last.</summary>
    public required int Layer { get; init; }

    /// <summary>The position: "alpha" or "last".</summary>
    public required string Position { get; init; }

    /// <summary>The label: "alpha", "beta" or "gamma".</summary>
    public required string Label { get; init; }

    /// <summary>j: the targets are cosine and sine of 2πj·label/p.</summary>
    public required int Harmonic { get; init; }

    /// <summary>The principal directions that were read.</summary>
    public required int Components { get; init; }

    /// <summary>Variance of the cosine explained on the rows that were fitted.</summary>
    public required double CosineR2 { get; init; }

    /// <summary>The same for the sine; null at p/2, which has none.</summary>
    public double? SineR2 { get; init; }

    /// <summary>The lower of the two with each prompt left out once.</summary>
    public required double HeldOutPromptR2 { get; init; }

    /// <summary>The lower of the two with all prompts of one value of the other number left out, principal directions refitted.</summary>
    public required double HeldOutOtherR2 { get; init; }

    /// <summary>The lower of the two with all prompts of one value of the label itself left out: whether the order goes on where nothing was seen.</summary>
    public required double HeldOutLabelR2 { get; init; }

    /// <summary>The 95th percentile of <see cref="HeldOutPromptR2"/> with labels shuffled over prompts.</summary>
    public required double NullQuantile95 { get; init; }

    /// <summary>The share of shuffles, the true order counted in, that do at least as well.</summary>
    public required double PValue { get; init; }

    /// <summary>Mean absolute difference between the angle that is read and the label's, radians, with each prompt left out once; null at p/2.</summary>
    public double? AngularError { get; init; }

    /// <summary>The share of prompts whose label is nearest in angle, each left out once, 0–1; null where several labels share an angle.</summary>
    public double? NearestLabelAccuracy { get; init; }

    /// <summary>The mean distance of the points that are read from the origin; 1 on the circle.</summary>
    public required double RadiusMean { get; init; }

    /// <summary>Standard deviation over mean of that distance.</summary>
    public required double RadiusVariation { get; init; }
}
