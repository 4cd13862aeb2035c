namespace Interp.Analysis.Lenses.Heads;

/// <summary>How well patterns fit what is expected, the mean over prompts.</summary>
/// <param name="Mul">The share of attention where it is expected, 0 to 1.</param>
/// <param name="Abs">One minus the mean over queries of Σ over keys |pattern − expected|; at most 1.</param>
/// <param name="MulStandardError">The standard error of <paramref name="Mul"/> over prompts; null for one prompt.</param>
/// <param name="AbsStandardError">The standard error of <paramref name="Abs"/> over prompts; null for one prompt.</param>
public sealed record DetectorScore(double Mul, double Abs, double? MulStandardError, double? AbsStandardError);
