using Interp.Compute.Kernels.DictionaryStep;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// The loss of one batch and its gradients, derived by hand: (1/B)Σ‖x̂ − x‖² + sparsity(mean L0) + pre-activation loss, with
/// straight-through estimators of a rectangle window of width ε for the thresholds.
/// </summary>
/// <remarks>
/// Source: Rajamanoharan et al., "Jumping Ahead", arXiv 2407.14435. Five products of size B·d_in·d_sae and no graph; the README
/// lists the formulas. Tensors belong to this instance.
/// </remarks>
internal sealed class JumpReluGradients : IDisposable
{
    private readonly DenseGradients _gradients;

    private JumpReluGradients(DenseGradients gradients, double sparsity)
    {
        _gradients = gradients;
        Sparsity = sparsity;
        var latents = gradients.Latents;
        Tensor[] all = [latents.Encoder, latents.EncoderBias, latents.Decoder, gradients.DecoderBias, latents.Thresholds];
        All = gradients.Skip is { } skip ? [.. all, skip] : all;
    }

    /// <summary>One gradient a parameter, in the order of <see cref="JumpReluParameters.All"/>.</summary>
    public IReadOnlyList<Tensor> All { get; }

    /// <summary>How many rows each latent fired on, <c>[d_sae]</c>.</summary>
    public Tensor Firings => _gradients.Latents.Firings;

    /// <summary>The mean of ‖x̂ − x‖².</summary>
    public double Reconstruction => _gradients.Reconstruction;

    /// <summary>The sparsity loss.</summary>
    public double Sparsity { get; }

    /// <summary>The mean of the number of active latents.</summary>
    public double L0 => _gradients.L0;

    /// <summary>Computes loss and gradients.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="x">A batch <c>[B, d_in]</c> of the weights' dtype.</param>
    /// <param name="loss">The constants.</param>
    /// <param name="dead">1 for every latent that the pre-activation loss should revive, else 0, <c>[d_sae]</c>; null for none.</param>
    /// <param name="target">What a transcoder should write <c>[B, d_out]</c>, whose encoder sees x as it is; null for an autoencoder, which sees x − b_dec.</param>
    public static JumpReluGradients Compute(JumpReluParameters parameters, Tensor x, JumpReluLoss loss, Tensor? dead = null, Tensor? target = null)
    {
        var gradients = DenseGradients.Compute(DictionaryWeights.Of(parameters.All), x, loss.ForStep(), dead, target, parameters.Skip);
        return new JumpReluGradients(gradients, loss.Sparsity(gradients.L0));
    }

    public void Dispose() => _gradients.Dispose();
}
