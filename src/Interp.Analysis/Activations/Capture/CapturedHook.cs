namespace Interp.Analysis.Activations.Capture;

/// <summary>One captured hook and the lengths of its rows.</summary>
/// <param name="Name">The canonical name.</param>
/// <param name="Width">The numbers a row.</param>
/// <param name="MeanNorm">The mean length of a row.</param>
/// <param name="LargestNorm">The greatest length of a row; a few rows far above the mean are attention sinks.</param>
/// <param name="MeanShare">The share of the mean square that the mean row has, 0–1: 1 when all rows are equal.</param>
/// <param name="NormLogEdges">The edges of the bins of lengths, log₁₀.</param>
/// <param name="NormCounts">The rows in each bin.</param>
public sealed record CapturedHook(
    string Name, int Width, double MeanNorm, double LargestNorm, double MeanShare, IReadOnlyList<double> NormLogEdges, IReadOnlyList<long> NormCounts);
