namespace Interp.Analysis.Entanglement;

/// <summary>One law fitted by ordinary least squares.</summary>
/// <param name="Law">The law.</param>
/// <param name="Variable">What it was fitted against: "cut" or "length".</param>
/// <param name="Offset">a, in nats.</param>
/// <param name="Coefficient">c, or b of the volume law; 0 for the area law.</param>
/// <param name="CoefficientError">Its standard error; null with no degree of freedom left.</param>
/// <param name="RSquared">The share of the variance explained; null for a constant series.</param>
/// <param name="Aicc">Akaike's criterion corrected for small samples; null with too few points. Smaller is better.</param>
public sealed record ScalingFit(ScalingLaw Law, string Variable, double Offset, double Coefficient, double? CoefficientError, double? RSquared, double? Aicc);
