namespace Interp.Analysis.Memories.Scaling;

/// <summary>One width of one scheme.</summary>
/// <param name="Dimension">d.</param>
/// <param name="Error">The mean error, weighted by frequency.</param>
/// <param name="StandardError">Its standard error over the trials; null of one trial.</param>
/// <param name="Predicted">The finite-size prediction.</param>
public sealed record ScalingPoint(int Dimension, double Error, double? StandardError, double Predicted);
