namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>The model's mean loss (nats a token) as it is, with the dictionary's reconstruction in place of the activation, and without the activation.</summary>
public sealed record SplicedLosses
{
    /// <summary>The model as it is.</summary>
    public required double Clean { get; init; }

    /// <summary>With the reconstruction in place.</summary>
    public required double Spliced { get; init; }

    /// <summary>With zeros in place.</summary>
    public required double Ablated { get; init; }

    /// <summary>(ablated − spliced)/(ablated − clean): 1 keeps all that the activation does.</summary>
    public required double Recovered { get; init; }

    /// <summary>With the mean activation in place.</summary>
    public required double MeanAblated { get; init; }

    /// <summary>The same share against the mean activation, which is harder to better than zeros.</summary>
    public required double RecoveredFromMean { get; init; }

    /// <summary>The mean divergence KL(clean‖spliced), nats.</summary>
    public required double KullbackLeibler { get; init; }

    /// <summary>1 − KL(clean‖spliced)/KL(clean‖ablated).</summary>
    public required double KullbackLeiblerRecovered { get; init; }

    /// <summary>The predictions scored.</summary>
    public required long Tokens { get; init; }

    /// <summary>"held-out" or "all": the documents scored.</summary>
    public required string Documents { get; init; }
}
