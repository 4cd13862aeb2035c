namespace Interp.Analysis.Circles.Grokking;

/// <summary>The model at one step of its training.</summary>
/// <param name="Step">The optimiser steps taken.</param>
/// <param name="TrainLoss">Mean loss on the training pairs, nats.</param>
/// <param name="HeldOutLoss">Mean loss on the held-out pairs, nats.</param>
/// <param name="HeldOutAccuracy">Accuracy on the held-out pairs, 0–1.</param>
/// <param name="RestrictedLoss">Mean loss on the held-out pairs with nothing but the followed frequencies in the logits, nats.</param>
/// <param name="ExcludedLoss">Mean loss on the training pairs without the followed frequencies, nats.</param>
/// <param name="VarianceExplained">Shares of the logits' variance of the followed frequencies, in their order.</param>
/// <param name="SquaredWeightNorm">Σ‖θ‖².</param>
public sealed record GrokkingPoint(
    int Step,
    double TrainLoss,
    double HeldOutLoss,
    double HeldOutAccuracy,
    double RestrictedLoss,
    double ExcludedLoss,
    double[] VarianceExplained,
    double SquaredWeightNorm);
