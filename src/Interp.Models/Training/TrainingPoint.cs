namespace Interp.Models.Training;

/// <summary>The state of a training run at one evaluation.</summary>
/// <param name="Step">The optimiser steps taken.</param>
/// <param name="TrainLoss">The mean loss (nats) of the step's batch, before its update.</param>
/// <param name="TrainAccuracy">The accuracy (0–1) on the step's batch, before its update.</param>
/// <param name="HeldOutLoss">The mean loss (nats) on the held-out examples, after the update.</param>
/// <param name="HeldOutAccuracy">The accuracy (0–1) on the held-out examples, after the update.</param>
/// <param name="SquaredWeightNorm">Σ‖θ‖² over all tensors, after the update.</param>
public sealed record TrainingPoint(int Step, double TrainLoss, double TrainAccuracy, double HeldOutLoss, double HeldOutAccuracy, double SquaredWeightNorm);
