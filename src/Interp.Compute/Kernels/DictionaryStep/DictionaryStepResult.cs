using static TorchSharp.torch;

namespace Interp.Compute.Kernels.DictionaryStep;

/// <summary>What a step saw before it changed the weights.</summary>
/// <param name="Reconstruction">The mean of ‖x̂ − x‖².</param>
/// <param name="L0">The mean number of active latents.</param>
/// <param name="Firings">The rows that each latent was active on, <c>[N]</c> int64, owned by the caller.</param>
/// <param name="Path">Which way was taken.</param>
public sealed record DictionaryStepResult(double Reconstruction, double L0, Tensor Firings, StepPath Path) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Firings.Dispose();
}
