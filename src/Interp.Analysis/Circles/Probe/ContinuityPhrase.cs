namespace Interp.Analysis.Circles.Probe;

/// <summary>One phrase on the circle.</summary>
/// <param name="Text">The phrase.</param>
/// <param name="Label">Its label, 0 … p − 1.</param>
/// <param name="X">The cosine that is read.</param>
/// <param name="Y">The sine that is read.</param>
/// <param name="StepsFromLabel">The angle less that of the bare label, in steps from one label to the next.</param>
public sealed record ContinuityPhrase(string Text, int Label, double X, double Y, double StepsFromLabel);
