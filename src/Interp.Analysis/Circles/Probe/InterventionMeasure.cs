namespace Interp.Analysis.Circles.Probe;

/// <summary>What an intervention did to the answers, over pairs of a prompt and another label for it.</summary>
public sealed record InterventionMeasure
{
    /// <summary>The layer whose input was changed.</summary>
    public required int Layer { get; init; }

    /// <summary>Which intervention.</summary>
    public required InterventionKind Kind { get; init; }

    /// <summary>The harmonics of the circles that were set together; the first alone is measured beside them.</summary>
    public required int[] Harmonics { get; init; }

    /// <summary>The pairs.</summary>
    public required int Pairs { get; init; }

    /// <summary>The share of pairs whose answer becomes the intended one, 0–1.</summary>
    public required double FlipRate { get; init; }

    /// <summary>The share of pairs whose answer stays the original right one, 0–1.</summary>
    public required double KeepRate { get; init; }

    /// <summary>The mean of logit(original answer) − logit(intended answer); strongly negative where the intervention succeeds.</summary>
    public required double MeanLogitDifference { get; init; }

    /// <summary>The interval's lower end.</summary>
    public required double LogitDifferenceLow { get; init; }

    /// <summary>The interval's upper end.</summary>
    public required double LogitDifferenceHigh { get; init; }

    /// <summary>The mean divergence of the answer distribution among the candidates from the donor's, KL(donor ‖ changed), nats.</summary>
    public required double DivergenceFromDonorNats { get; init; }
}
