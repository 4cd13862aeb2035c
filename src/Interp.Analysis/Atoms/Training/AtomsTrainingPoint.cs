namespace Interp.Analysis.Atoms.Training;

/// <summary>The state of a training run after some steps.</summary>
/// <param name="Step">The optimiser steps taken.</param>
/// <param name="Loss">The loss of the last batch before its update: reconstruction plus sparsity.</param>
/// <param name="Reconstruction">The mean squared error of that batch, inputs scaled to unit mean square.</param>
/// <param name="L0">The active latents a row of that batch.</param>
/// <param name="HeldOutExplainedVariance">1 − residual over variance on the held-out rows (the training rows where none are held out), at most 8192 of them.</param>
/// <param name="HeldOutL0">The active latents a held-out row.</param>
/// <param name="DeadFraction">The share of latents that count as dead, 0–1.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="SparsityCoefficient">λ of the last step.</param>
public sealed record AtomsTrainingPoint(
    int Step, double Loss, double Reconstruction, double L0, double HeldOutExplainedVariance, double HeldOutL0, double DeadFraction, double LearningRate, double SparsityCoefficient);
