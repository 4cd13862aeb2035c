using Interp.Models.Training;

namespace Interp.Analysis.Circles.Fourier;

/// <summary>The Fourier structure of a modular-addition model, and which of it the model uses.</summary>
public sealed record FourierResult
{
    /// <summary>p.</summary>
    public required int Modulus { get; init; }

    /// <summary>The layer whose neurons were measured, or null for a model without neurons.</summary>
    public int? Layer { get; init; }

    /// <summary>The frequencies of the alive neurons above the threshold, ascending; by logit variance when there are none.</summary>
    public required int[] KeyFrequencies { get; init; }

    /// <summary>Shares of the embedding's energy for frequencies 1 … ⌊p/2⌋, which add to 1.</summary>
    public required double[] FrequencyPower { get; init; }

    /// <summary>1/Σ share²: how many equally strong frequencies would be as spread out.</summary>
    public required double EffectiveFrequencies { get; init; }

    /// <summary>Inequality of the shares: 0 all equal, near 1 when one has all.</summary>
    public required double Gini { get; init; }

    /// <summary>The share of the logits' variance that cos(2πk(a + b − c)/p) explains over all k, 0–1.</summary>
    public required double LogitVarianceExplained { get; init; }

    /// <summary>Mean loss (nats) on all pairs when only the key frequencies of a + b are kept in the logits.</summary>
    public required double RestrictedLoss { get; init; }

    /// <summary>Mean loss (nats) on the training pairs when all key frequencies of a + b are taken out of the logits.</summary>
    public required double ExcludedLoss { get; init; }

    /// <summary>The share of the alive neurons, 0–1, of which one frequency explains more than <see cref="Threshold"/>; null without neurons.</summary>
    public double? NeuronsAboveThreshold { get; init; }

    /// <summary>The share of a neuron's variance that one frequency must explain.</summary>
    public required double Threshold { get; init; }

    /// <summary>Which pairs were trained on: "recorded" where the model says, "unknown" where all pairs stand in for them.</summary>
    public required string TrainPairs { get; init; }

    /// <summary>Mean losses of the untouched model.</summary>
    public required PairLosses FullLosses { get; init; }

    /// <summary>Mean losses with only the key frequencies kept.</summary>
    public required PairLosses RestrictedLosses { get; init; }

    /// <summary>Accuracy of the untouched model on all pairs, 0–1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Accuracy when the embedding of the numbers keeps its mean and its key planes only.</summary>
    public required double KeepKeyPlanesAccuracy { get; init; }

    /// <summary>Accuracy when the key planes are removed from the embedding of the numbers.</summary>
    public required double RemoveKeyPlanesAccuracy { get; init; }

    /// <summary>How often the answer is (a + 1) + b when only the key planes of the first number are set to those of a + 1.</summary>
    public required double PatchKeyPlanesAccuracy { get; init; }

    /// <summary>Frequencies that the embedding holds as clean circles and that the model does not use.</summary>
    public required int[] DecoyFrequencies { get; init; }

    /// <summary>One row a frequency, 1 … ⌊p/2⌋.</summary>
    public required FrequencyMeasure[] Frequencies { get; init; }

    /// <summary>The neurons one by one, or null without neurons.</summary>
    public NeuronMeasures? Neurons { get; init; }

    /// <summary>The embedding on the plane of each key frequency.</summary>
    public required CirclePlane[] Planes { get; init; }

    /// <summary>Shares of the embedding's variance by principal direction, at most twelve.</summary>
    public required double[] EmbeddingVarianceShares { get; init; }

    /// <summary>(Σλ)²/Σλ² of the embedding's principal variances.</summary>
    public required double ParticipationRatio { get; init; }

    /// <summary>Mean over a − b of the right answers' logits' deviation, over their whole deviation: about 0.85 for a clock, 0.17 for a pizza.</summary>
    public required double DistanceIrrelevance { get; init; }

    /// <summary>
    /// The mean cosine of ∂logit_c/∂E_a and ∂logit_c/∂E_b over seeded triples: about 0.33 for a clock, 0.99 for a pizza; null
    /// when not taken.
    /// </summary>
    public double? GradientSymmetry { get; init; }

    /// <summary>
    /// How many of the p answers are decoded from a last residual stream that is the mean plus the causal frequencies' points
    /// of the answer and nothing else, 0–1.
    /// </summary>
    public required double SyntheticDecodeAccuracy { get; init; }

    /// <summary>How far a quadratic network's answers lead; null for other models, whose largest margin is not known.</summary>
    public MarginMeasure? Margin { get; init; }

    /// <summary>Σ‖θ‖² over all weights.</summary>
    public required double SquaredWeightNorm { get; init; }

    /// <summary>‖θ‖² by weight tensor.</summary>
    public required IReadOnlyDictionary<string, double> SquaredWeightNorms { get; init; }

    /// <summary>The evaluations during training, as the model's folder records them; empty where it does not.</summary>
    public required IReadOnlyList<TrainingPoint> Training { get; init; }
}
