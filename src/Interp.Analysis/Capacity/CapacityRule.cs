namespace Interp.Analysis.Capacity;

/// <summary>The capacity had ε been taken at another number of standard deviations.</summary>
/// <param name="Deviations">How many standard deviations above the mean.</param>
/// <param name="Epsilon">That ε.</param>
/// <param name="Adjusted">The four-parameter form there; null in the dense class.</param>
public sealed record CapacityRule(double Deviations, double Epsilon, double? Adjusted);
