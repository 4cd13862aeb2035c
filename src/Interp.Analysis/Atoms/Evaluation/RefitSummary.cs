namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>What solving the codes again by least squares on their support gains.</summary>
/// <param name="ExplainedVariance">Explained variance of the dictionary's own codes on these rows.</param>
/// <param name="RefitExplainedVariance">The same after the refit.</param>
/// <param name="Gain">Their difference.</param>
/// <param name="Identified">The share of rows with so few active latents that the coherence guarantees the code, 0–1; for the others the refit is a fit only.</param>
/// <param name="Rows">The rows refitted.</param>
public sealed record RefitSummary(double ExplainedVariance, double RefitExplainedVariance, double Gain, double Identified, long Rows);
