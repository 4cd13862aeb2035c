namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>The number of active latents that a share of the rows does not exceed.</summary>
/// <param name="Median">Half of the rows.</param>
/// <param name="Q90">Nine tenths.</param>
/// <param name="Q99">99 %.</param>
/// <param name="Maximum">All.</param>
public sealed record L0Quantiles(int Median, int Q90, int Q99, int Maximum);
