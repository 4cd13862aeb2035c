using Interp.Compute.Kernels.SparseGradients;
using static TorchSharp.torch;

namespace Interp.Compute.Kernels.DictionaryStep;

/// <summary>
/// A batch's gradients by products of whole matrices, five of size B·d·N, with torch operations on any device: the definition of the
/// step, and its fast way where many latents are active.
/// </summary>
/// <param name="Latents">The gradients of what belongs to latents.</param>
/// <param name="DecoderBias">The gradient of b_dec <c>[d]</c>.</param>
/// <param name="Reconstruction">The mean of ‖x̂ − x‖².</param>
/// <param name="L0">The mean number of active latents.</param>
/// <param name="Skip">The gradient of W_skip <c>[d_out, d]</c>; null without one.</param>
public sealed record DenseGradients(LatentGradients Latents, Tensor DecoderBias, double Reconstruction, double L0, Tensor? Skip) : IDisposable
{
    /// <summary>Computes loss and gradients.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="x">A batch <c>[B, d]</c> of the weights' type.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="revived">1 for latents that the revival loss acts on, else 0, <c>[N]</c>; null for none.</param>
    /// <param name="target">What a transcoder should write <c>[B, d_out]</c>, whose encoder sees x as it is; null for an autoencoder, which sees x − b_dec.</param>
    /// <param name="skip">W_skip <c>[d_out, d]</c> of a skip transcoder, or null.</param>
    /// <returns>The gradients, owned by the caller.</returns>
    public static DenseGradients Compute(DictionaryWeights weights, Tensor x, DictionaryLoss loss, Tensor? revived = null, Tensor? target = null, Tensor? skip = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(loss);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (batch, theta) = (x.shape[0], weights.Thresholds);
        var gradients = new LatentGradients(weights.Encoder.shape[0], x.shape[1], weights.Decoder.shape[1], x.dtype, x.device);
        var centred = target is null ? x - weights.DecoderBias : x;
        var z = addmm(weights.EncoderBias, centred, weights.Encoder.t(), 1, 1); // [B, N]
        var over = z - theta;
        var active = over.gt(0).to(x.dtype);
        var code = z * active;
        var residual = addmm(weights.DecoderBias, code, weights.Decoder, 1, 1).sub_(target ?? x);
        if (skip is not null)
        {
            _ = residual.add_(x.matmul(skip.t()));
        }

        _ = gradients.Firings.copy_(active.sum([0L]));
        var l0 = gradients.Firings.sum().item<long>() / (double)batch;
        var terms = loss.Of(l0, (int)batch);

        var upstream = residual * (2.0 / batch); // g
        var byCode = upstream.matmul(weights.Decoder.t()); // df
        var window = over.abs_().lt(loss.Bandwidth / 2).to(x.dtype);
        var byZ = active * byCode;
        if (loss.Bandwidth > 0)
        {
            _ = gradients.Thresholds.copy_((window * byCode).sum([0L]).mul_(theta).add_(window.sum([0L]), terms.Slope).div_(-loss.Bandwidth));
            if (loss.StepGradientToInput)
            {
                _ = byZ.add_(window * ((byCode * theta) + terms.Slope), 1 / loss.Bandwidth);
            }
        }

        if (revived is not null && terms.Revival > 0)
        {
            var below = z.le(theta).to(x.dtype).mul_(revived).mul_(terms.Revival);
            _ = byZ.sub_(below);
            _ = gradients.Thresholds.add_(below.sum([0L]));
        }

        _ = gradients.Encoder.copy_(byZ.t().matmul(centred));
        _ = gradients.EncoderBias.copy_(byZ.sum([0L]));
        _ = gradients.Decoder.copy_(code.t().matmul(upstream));
        _ = gradients.Input.copy_(gradients.EncoderBias.unsqueeze(0).matmul(weights.Encoder).squeeze(0));
        var byDecoderBias = target is null ? upstream.sum([0L]).sub_(gradients.Input) : upstream.sum([0L]);
        var reconstruction = residual.square().sum().to(ScalarType.Float64).item<double>() / batch;
        var bySkip = skip is null ? null : upstream.t().matmul(x).DetachFromDisposeScope();
        return new DenseGradients(gradients, byDecoderBias.DetachFromDisposeScope(), reconstruction, l0, bySkip);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Latents.Dispose();
        DecoderBias.Dispose();
        Skip?.Dispose();
    }
}
