using Interp.Compute.Kernels.SparseGradients;

namespace Interp.Compute.Kernels.DictionaryStep;

/// <summary>The loss of a batch of B rows: (1/B)Σ‖x̂ − x‖² + sparsity(mean L0) + (c/B)Σ max(θ − z, 0) over latents to be revived.</summary>
/// <param name="Bandwidth">ε, the width of the window around thresholds.</param>
/// <param name="SparsitySlope">The derivative of the sparsity term by the mean L0, at a mean L0.</param>
/// <param name="StepGradientToInput">Whether the step's pseudo-derivative reaches z too.</param>
/// <param name="RevivalCoefficient">c.</param>
public sealed record DictionaryLoss(double Bandwidth, Func<double, double> SparsitySlope, bool StepGradientToInput = false, double RevivalCoefficient = 0)
{
    /// <summary>The terms of single latents, once the mean L0 is known.</summary>
    internal LatentLoss Of(double l0, int batch) => new(Bandwidth, SparsitySlope(l0) / batch, StepGradientToInput, RevivalCoefficient / batch);
}
