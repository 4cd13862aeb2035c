using Interp.Analysis.Capacity;

namespace Interp.Workbench.Analyze;

/// <summary>The capacity of the token embedding, in short.</summary>
/// <param name="Epsilon">ε: mean plus two standard deviations of the cosines of all pairs of rows.</param>
/// <param name="EpsilonRandom">ε of random directions of the same width.</param>
/// <param name="Class">Whether the capacity is finite.</param>
public sealed record CapacityFinding(double Epsilon, double EpsilonRandom, CapacityClass Class);
