using Interp.Compute.Kernels.UnitRowAdam;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.DeviceStep;

/// <summary>The definition in torch operations: whole matrices, sums in float64.</summary>
internal static class ReferenceBatchStep
{
    /// <inheritdoc cref="BatchStep.Take"/>
    public static (Tensor Losses, Tensor Counts) Take(
        StepWeights weights, Tensor products, Tensor x, Tensor target, double bandwidth, double slope, AdamSettings adam)
    {
        using var scope = NewDisposeScope();
        static Tensor Wide(Tensor tensor) => tensor.to(ScalarType.Float64);
        var (encoder, decoder, inputs) = (Wide(weights.Encoder).clone(), Wide(weights.Decoder).clone(), Wide(x));
        var (bias, theta) = (weights.Scalars.select(1, 0), weights.Scalars.select(1, 1));

        // In float32, as every version: whether an entry is in is a comparison.
        var over = products.to(ScalarType.Float32) - (theta - bias); // [B, N]
        var active = over.le(0).logical_not();
        var window = over.abs().lt(bandwidth / 2);
        var code = Wide(products.to(ScalarType.Float32) + bias).masked_fill(active.logical_not(), 0);
        var residual = code.matmul(decoder).add_(weights.DecoderBias).sub_(target);
        var losses = residual.square().sum([1L]).to(ScalarType.Float32);
        var upstream = Wide((residual * (2.0 / Math.Max(1, products.shape[0]))).to(weights.Encoder.dtype));
        var byCode = upstream.matmul(decoder.t());
        var (byActive, byWindow) = (byCode.masked_fill(active.logical_not(), 0), byCode.masked_fill(window.logical_not(), 0));
        var byTheta = (byWindow.sum([0L]) * theta).add_(window.sum([0L]), slope).div_(-bandwidth);

        Step(weights.Encoder, weights.EncoderSecond, encoder, byActive.t().matmul(inputs), adam, RowLength.Free);
        Step(weights.Decoder, weights.DecoderSecond, decoder, code.t().matmul(upstream), adam, RowLength.Unit);
        Step(bias, weights.Scalars.select(1, 2), Wide(bias).unsqueeze(0), byActive.sum([0L]).unsqueeze(0), adam, RowLength.Free);
        Step(theta, weights.Scalars.select(1, 3), Wide(theta).unsqueeze(0), byTheta.unsqueeze(0), adam, RowLength.Free);
        var counts = active.logical_or(window).sum([1L]).to(ScalarType.Int32);
        return (losses.MoveToOuterDisposeScope(), counts.MoveToOuterDisposeScope());
    }

    private static void Step(Tensor target, Tensor second, Tensor wide, Tensor gradient, AdamSettings adam, RowLength length)
    {
        var moments = second.to(ScalarType.Float64).view(wide.shape);
        ReferenceRowAdam.Take(wide, null, moments, gradient, adam, length);
        _ = target.copy_(wide.view(target.shape));
        _ = second.copy_(moments.view(second.shape));
    }
}
