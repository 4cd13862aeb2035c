namespace Interp.Analysis.Atoms.Training;

/// <summary>One dictionary of several that were trained on the same rows.</summary>
/// <param name="Name">Its folder in the output folder.</param>
/// <param name="Architecture">The kind.</param>
/// <param name="Width">The latents.</param>
/// <param name="TargetL0">The latents wanted on a row.</param>
/// <param name="Seed">The seed of its initial weights.</param>
/// <param name="L0">Active latents a training row.</param>
/// <param name="HeldOutL0">Active latents a held-out row.</param>
/// <param name="ExplainedVariance">On training rows.</param>
/// <param name="HeldOutExplainedVariance">On held-out rows.</param>
/// <param name="AliveFraction">The share of latents that fire on a training row.</param>
/// <param name="Failure">What stopped it, or null; its other numbers are then NaN.</param>
public sealed record AtomsGridRow(
    string Name, TrainedArchitecture Architecture, int Width, double TargetL0, long Seed, double L0, double HeldOutL0, double ExplainedVariance, double HeldOutExplainedVariance, double AliveFraction, string? Failure = null);
