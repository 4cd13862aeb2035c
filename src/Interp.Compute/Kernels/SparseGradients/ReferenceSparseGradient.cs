using Interp.Compute.Kernels.ThresholdCodes;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.SparseGradients;

/// <summary>The definition in torch operations: codes and both masks as matrices, and products of them.</summary>
internal static class ReferenceSparseGradient
{
    /// <inheritdoc cref="SparseGradient.Compute"/>
    public static void Compute(
        LatentGradients gradients, SparseCodes codes, Tensor upstream, Tensor x, Tensor encoder, Tensor decoder, Tensor thresholds, LatentLoss loss, Tensor? revived)
    {
        using var scope = NewDisposeScope();
        var active = codes.Mask(CodeTile.Active).to(x.device);
        var window = codes.Mask(CodeTile.Window).to(x.device);
        var byCode = upstream.matmul(decoder.t()); // df
        var byZ = active * byCode;
        if (loss.Bandwidth > 0)
        {
            _ = gradients.Thresholds.copy_((window * byCode).sum([0L]).mul_(thresholds).add_(window.sum([0L]), loss.Slope).div_(-loss.Bandwidth));
            if (loss.StepGradientToInput)
            {
                _ = byZ.add_(window * ((byCode * thresholds) + loss.Slope), 1 / loss.Bandwidth);
            }
        }

        if (revived is not null && loss.Revival > 0)
        {
            var below = (1 - active) * revived * loss.Revival;
            _ = byZ.sub_(below);
            _ = gradients.Thresholds.add_(below.sum([0L]));
        }

        _ = gradients.Encoder.copy_(byZ.t().matmul(x));
        _ = gradients.EncoderBias.copy_(byZ.sum([0L]));
        _ = gradients.Decoder.copy_(codes.ToDense().to(x.device).t().matmul(upstream));
        _ = gradients.Input.copy_(gradients.EncoderBias.unsqueeze(0).matmul(encoder).squeeze(0));
        _ = gradients.Firings.copy_(active.sum([0L]));
    }
}
