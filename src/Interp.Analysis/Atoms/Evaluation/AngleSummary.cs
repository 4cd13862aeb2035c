namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>The angles between pairs of activations.</summary>
/// <param name="Metric">"euclidean" or "activations".</param>
/// <param name="Rows">The activations compared.</param>
/// <param name="MeanDegrees">The mean; near 90 without a common direction.</param>
/// <param name="MedianDegrees">The median.</param>
/// <param name="DeviationDegrees">The standard deviation; independent directions give 57.3/√d.</param>
/// <param name="ExcessKurtosis">The excess kurtosis.</param>
public sealed record AngleSummary(string Metric, int Rows, double MeanDegrees, double MedianDegrees, double DeviationDegrees, double ExcessKurtosis);
