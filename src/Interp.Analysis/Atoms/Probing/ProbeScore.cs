namespace Interp.Analysis.Atoms.Probing;

/// <summary>How a probe does on held-out rows, as many of the class as not.</summary>
/// <param name="Accuracy">The share that it gets right; 0.5 is chance.</param>
/// <param name="F1">The harmonic mean of precision and recall.</param>
public sealed record ProbeScore(double Accuracy, double F1);
