namespace Interp.Analysis.Capacity;

/// <summary>Numbers of nearly orthogonal directions; null for a matrix of the dense class, where the formulas mean nothing.</summary>
/// <param name="Adjusted">The four-parameter form, as published.</param>
/// <param name="OneParameter">The one-parameter form; the distance to <paramref name="Adjusted"/> is the doubt about the form.</param>
/// <param name="JohnsonLindenstrauss">The Johnson–Lindenstrauss form with C = 8.</param>
/// <param name="AdjustedLow">The four-parameter form at ε less half a per cent.</param>
/// <param name="AdjustedHigh">The four-parameter form at ε plus half a per cent.</param>
public sealed record CapacityNumbers(double? Adjusted, double? OneParameter, double? JohnsonLindenstrauss, double? AdjustedLow, double? AdjustedHigh);
