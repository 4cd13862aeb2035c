namespace Interp.Analysis.Circles.Probe;

/// <summary>The points that a probe reads at one layer, one a prompt.</summary>
/// <param name="Layer">The layer whose input is read.</param>
/// <param name="X">The cosine that is read, [prompt].</param>
/// <param name="Y">The sine that is read, [prompt].</param>
/// <param name="Labels">The label of each prompt.</param>
public sealed record ProbePoints(int Layer, double[] X, double[] Y, int[] Labels);
