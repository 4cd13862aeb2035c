using Interp.Compute.Kernels.Elements;
using Interp.Compute.Kernels.Rows;
using Interp.Compute.Kernels.ThresholdCodes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseDecode;

/// <summary>Decodes sparse codes: a row of output is the bias and the directions of its active latents, so inactive ones cost nothing.</summary>
public static class SparseDecoder
{
    /// <summary>Decodes and compares with what should have come out: residual = scale·(f·W_dec + b − y), f = z where active.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="decoder">Directions as rows <c>[N, d]</c>, of the codes' type, or bfloat16 or float16 with codes in float32; sums are taken in float32 at least.</param>
    /// <param name="bias">b <c>[d]</c>.</param>
    /// <param name="target">y <c>[B, d]</c>; null for 0, which with scale 1 gives the reconstruction itself.</param>
    /// <param name="scale">What the residual is multiplied by; 2/B makes it the gradient of the mean of ‖x̂ − y‖².</param>
    /// <param name="residual">Receives the residual <c>[B, d]</c>.</param>
    /// <param name="sum">Receives the residual's sum over rows <c>[d]</c>.</param>
    /// <param name="backend">Which version.</param>
    /// <returns>Σ‖x̂ − y‖² over the rows, before scaling.</returns>
    /// <exception cref="ShapeMismatchException">The sizes do not belong together.</exception>
    public static double Residual(
        SparseCodes codes, Tensor decoder, Tensor bias, Tensor? target, double scale, Tensor residual, Tensor sum, KernelBackend backend = KernelBackend.Auto)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(bias);
        ArgumentNullException.ThrowIfNull(residual);
        ArgumentNullException.ThrowIfNull(sum);
        var width = bias.numel();
        Shapes.Require("the decoder", "[N, d]", decoder, codes.Latents, width);
        Shapes.Require("the residual", "[B, d]", residual, codes.Rows, width);
        Shapes.Require("the target", "[B, d]", target, codes.Rows, width);
        Shapes.Require("the residual's sum", "[d]", sum, width);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var choice = KernelChoice.For(backend, decoder);
        var (wide, wideSum) = (Widening.Of(residual), Widening.Of(sum));
        if (choice != KernelBackend.Gpu)
        {
            (decoder, bias, target) = (Widening.Of(decoder), Widening.Of(bias), Widening.OfOptional(target));
        }

        var squares = Run(choice, codes, decoder, bias, target, scale, wide, wideSum);
        Widening.Back(wide, residual);
        Widening.Back(wideSum, sum);
        return squares;
    }

    private static double Run(KernelBackend backend, SparseCodes codes, Tensor decoder, Tensor bias, Tensor? target, double scale, Tensor residual, Tensor sum) =>
        backend switch
        {
            KernelBackend.Reference => ReferenceSparseDecoder.Residual(codes, decoder, bias, target, scale, residual, sum),
            KernelBackend.Gpu => GpuSparseDecoder.Residual(codes, decoder, bias, target, scale, residual, sum),
            _ => codes.Type == ScalarType.Float64
                ? CpuSparseDecoder.Residual<double>(codes, decoder, bias, target, scale, residual, sum)
                : CpuSparseDecoder.Residual<float>(codes, decoder, bias, target, scale, residual, sum),
        };
}
