namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>What the loss asks of latents beside reconstruction.</summary>
/// <param name="Bandwidth">ε, the width of the window in which thresholds feel a gradient; the codes must have been found with the same.</param>
/// <param name="Slope">The derivative of the sparsity term by one entry's step, 1[z &gt; θ]: its derivative by the mean L0, over B.</param>
/// <param name="StepGradientToInput">Whether the step's pseudo-derivative reaches z too.</param>
/// <param name="Revival">The weight, over B, of Σ max(θ − z, 0) over the latents to be revived.</param>
public readonly record struct LatentLoss(double Bandwidth, double Slope = 0, bool StepGradientToInput = false, double Revival = 0);
