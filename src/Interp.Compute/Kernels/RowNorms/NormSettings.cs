namespace Interp.Compute.Kernels.RowNorms;

/// <summary>Which norm, and what it gives.</summary>
/// <param name="IsCentred">Whether the mean is taken away first (LayerNorm) or not (RMSNorm).</param>
/// <param name="Epsilon">What is added under the root.</param>
/// <param name="KeepsNormalized">Whether the value before weight and bias is given too.</param>
public readonly record struct NormSettings(bool IsCentred, double Epsilon, bool KeepsNormalized);
