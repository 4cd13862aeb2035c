using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.ThresholdCodes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>
/// The gradients of a dictionary with thresholds from sparse codes: each latent looks at the rows it is active on, and at those within the
/// window of its threshold; no matrix of the batch by the latents is formed.
/// </summary>
public static class SparseGradient
{
    /// <summary>
    /// With g the loss's gradient by the reconstruction: of direction i Σ_A f·g; df = g·d_i; of z df on active entries; of the encoder by the
    /// chain rule; of θ_i −(θ_i·Σ_W df + slope·#W)/ε. Source: arXiv 2407.14435.
    /// </summary>
    /// <param name="codes">The codes, with the window of the loss.</param>
    /// <param name="upstream">g <c>[B, d]</c>; it, x and the weights may be bfloat16 or float16: sums and gradients are float32.</param>
    /// <param name="x">Inputs as the encoder saw them <c>[B, d]</c>.</param>
    /// <param name="encoder"><c>[N, d]</c>.</param>
    /// <param name="decoder"><c>[N, d]</c>.</param>
    /// <param name="thresholds"><c>[N]</c>.</param>
    /// <param name="loss">The terms beside reconstruction.</param>
    /// <param name="revived">1 for latents that the revival loss acts on, else 0, <c>[N]</c>; null for none.</param>
    /// <param name="backend">Which version.</param>
    /// <returns>The gradients, owned by the caller.</returns>
    /// <exception cref="ShapeMismatchException">The sizes do not belong together.</exception>
    public static LatentGradients Compute(
        SparseCodes codes, Tensor upstream, Tensor x, Tensor encoder, Tensor decoder, Tensor thresholds, LatentLoss loss, Tensor? revived = null, KernelBackend backend = KernelBackend.Auto)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(upstream);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(thresholds);
        var width = x.shape[^1];
        Shapes.Require("x", "[B, d]", x, codes.Rows, width);
        Shapes.Require("the upstream gradient", "[B, d]", upstream, codes.Rows, width);
        Shapes.Require("the encoder", "[N, d]", encoder, codes.Latents, width);
        Shapes.Require("the decoder", "[N, d]", decoder, codes.Latents, width);
        Shapes.Require("the thresholds", "[N]", thresholds, codes.Latents);
        Shapes.Require("the revived latents", "[N]", revived, codes.Latents);
        using var noGradient = no_grad();
        var choice = KernelChoice.For(backend, encoder);
        var gradients = new LatentGradients(codes.Latents, width, width, codes.Type, x.device);
        using var scope = NewDisposeScope();
        if (choice != KernelBackend.Gpu)
        {
            (upstream, x, encoder, decoder, thresholds, revived) = (
                Widening.Of(upstream), Widening.Of(x), Widening.Of(encoder), Widening.Of(decoder), Widening.Of(thresholds), Widening.OfOptional(revived));
        }

        switch (choice)
        {
            case KernelBackend.Reference:
                ReferenceSparseGradient.Compute(gradients, codes, upstream, x, encoder, decoder, thresholds, loss, revived);
                break;
            case KernelBackend.Gpu:
                GpuSparseGradient.Compute(gradients, codes, upstream, x, encoder, decoder, thresholds, loss, revived);
                break;
            default:
                if (codes.Type == ScalarType.Float64)
                {
                    CpuSparseGradient.Compute<double>(gradients, codes, upstream, x, encoder, decoder, thresholds, loss, revived);
                }
                else
                {
                    CpuSparseGradient.Compute<float>(gradients, codes, upstream, x, encoder, decoder, thresholds, loss, revived);
                }

                break;
        }

        return gradients;
    }
}
