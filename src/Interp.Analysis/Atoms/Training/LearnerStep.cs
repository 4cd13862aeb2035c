using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>What a step saw before its update.</summary>
/// <param name="Reconstruction">The mean squared error of the batch.</param>
/// <param name="Sparsity">The sparsity loss.</param>
/// <param name="L0">Active latents a row.</param>
/// <param name="Firings">The rows that each latent was active on, <c>[d_sae]</c>, of any number type; in the step's scope.</param>
/// <param name="Coefficient">λ of the step.</param>
internal sealed record LearnerStep(double Reconstruction, double Sparsity, double L0, Tensor Firings, double Coefficient);
