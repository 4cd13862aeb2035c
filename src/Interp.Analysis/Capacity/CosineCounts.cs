namespace Interp.Analysis.Capacity;

/// <summary>A histogram of cosines.</summary>
/// <param name="Edges">The edges of equal bins on [−1, 1], one more than there are bins.</param>
/// <param name="Counts">The pairs in each bin.</param>
public sealed record CosineCounts(double[] Edges, long[] Counts);
