using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.UnitRowAdam;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.DeviceStep;

/// <summary>
/// A training step of a dictionary with thresholds in a reduced type, after the encoder's product z = x·W_encᵀ: thresholds, decoding, loss,
/// gradients, Adam (β₁ = 0), directions of length 1. Every version takes sums in float32 at least and rounds z, the residual and the weights
/// to the weights' type.
/// </summary>
internal static class BatchStep
{
    /// <summary>Takes the step.</summary>
    /// <param name="weights">What is stepped.</param>
    /// <param name="products">x·W_encᵀ <c>[B, N]</c> of the weights' type.</param>
    /// <param name="x">Inputs as the encoder saw them <c>[B, d]</c> of the weights' type.</param>
    /// <param name="target">y <c>[B, d]</c> of the weights' type.</param>
    /// <param name="bandwidth">ε, above 0.</param>
    /// <param name="slope">The derivative of the sparsity term by one entry's step.</param>
    /// <param name="adam">The optimiser's constants; β₁ = 0.</param>
    /// <param name="backend">Which version.</param>
    /// <returns>Σ(x̂ − y)² of each row <c>[B]</c> float32 and the entries of each row, windows included, <c>[B]</c> int32, in the present dispose scope.</returns>
    /// <exception cref="ShapeMismatchException">The sizes do not belong together.</exception>
    /// <exception cref="ArgumentException">β₁ is not 0, the window is not above 0, a type is another, or the sizes are ones that the kernels do not take.</exception>
    public static (Tensor Losses, Tensor Counts) Take(
        StepWeights weights, Tensor products, Tensor x, Tensor target, double bandwidth, double slope, AdamSettings adam, KernelBackend backend = KernelBackend.Auto)
    {
        var (rows, latents, width) = (products.shape[0], weights.Encoder.shape[0], weights.Encoder.shape[^1]);
        Shapes.Require("the encoder's product", "[B, N]", products, rows, latents);
        Shapes.Require("the inputs", "[B, d]", x, rows, width);
        Shapes.Require("the target", "[B, d]", target, rows, width);
        Shapes.Require("the decoder", "[N, d]", weights.Decoder, latents, width);
        Shapes.Require("the encoder's second moments", "[N, d]", weights.EncoderSecond, latents, width);
        Shapes.Require("the decoder's second moments", "[N, d]", weights.DecoderSecond, latents, width);
        Shapes.Require("the scalars", "[N, 4]", weights.Scalars, latents, 4);
        Shapes.Require("the decoder's bias", "[d]", weights.DecoderBias, width);
        if (adam.Beta1 != 0 || !(bandwidth > 0))
        {
            throw new ArgumentException($"a step in a reduced type needs β₁ = 0 and a window above 0, not {adam.Beta1} and {bandwidth}", nameof(adam));
        }

        if (width % 2 != 0 || latents % 2 != 0 || width > 2 * LatentStepKernels.MostPairs)
        {
            throw new ArgumentException($"a step in a reduced type needs even sizes and a width of at most {2 * LatentStepKernels.MostPairs}, not {latents} latents of width {width}", nameof(weights));
        }

        foreach (var tensor in (Tensor[])[weights.Decoder, products, x, target])
        {
            if (tensor.dtype != weights.Encoder.dtype)
            {
                throw new ArgumentException($"the step's tensors must be of the encoder's type {weights.Encoder.dtype}, but one is {tensor.dtype}", nameof(weights));
            }
        }

        using var noGradient = no_grad();
        return KernelChoice.For(backend, weights.Encoder) switch
        {
            KernelBackend.Reference => ReferenceBatchStep.Take(weights, products, x, target, bandwidth, slope, adam),
            KernelBackend.Gpu => GpuBatchStep.Take(weights, products, x, target, bandwidth, slope, adam),
            _ => CpuBatchStep.Take(weights, products, x, target, bandwidth, slope, adam),
        };
    }
}
