namespace Interp.Analysis.Capacity;

/// <summary>One kind of token and what it does to ε.</summary>
/// <param name="Name">The kind.</param>
/// <param name="Rows">Its rows that have a direction.</param>
/// <param name="Mean">The mean cosine of its pairs; null for fewer than two rows.</param>
/// <param name="Epsilon">ε of its rows alone; null for fewer than two rows.</param>
/// <param name="EpsilonWithout">ε of all other rows; null for fewer than two.</param>
public sealed record TokenGroup(string Name, long Rows, double? Mean, double? Epsilon, double? EpsilonWithout);
