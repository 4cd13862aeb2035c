using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// Loss and gradients, by hand, of dictionaries with a price on codes. ReLU: (1/B)Σ‖x̂ − y‖² + λ·(1/B)ΣΣ f. Gated, with gate π and magnitude
/// m: the same with the price on max(π, 0), and (1/B)Σ‖max(π, 0)·W_dec + b_dec − y‖² in which W_dec and b_dec are constants. Directions have
/// unit length, so the price needs no norms. Tensors belong to the caller's scope.
/// </summary>
/// <param name="All">One gradient a weight.</param>
/// <param name="Firings">The rows that each latent fired on.</param>
/// <param name="Reconstruction">The mean of ‖x̂ − y‖².</param>
/// <param name="Sparsity">The price and, for gated ones, the auxiliary loss.</param>
internal sealed record PricedGradients(IReadOnlyList<Tensor> All, Tensor Firings, double Reconstruction, double Sparsity)
{
    /// <summary>The code of what the encoder sees, and for gated ones gate π and magnitude m.</summary>
    public static (Tensor Code, Tensor? Gate, Tensor? Magnitude) Encode(IReadOnlyList<Tensor> weights, bool isGated, Tensor input)
    {
        if (!isGated)
        {
            return (addmm(weights[1], input, weights[0].t(), 1, 1).relu_(), null, null);
        }

        var product = input.matmul(weights[0].t());
        var gate = product + weights[4];
        var magnitude = (product * weights[5].exp()) + weights[1];
        return (magnitude.relu().mul_(gate > 0), gate, magnitude);
    }

    /// <summary>Computes loss and gradients.</summary>
    /// <param name="weights">Encoder rows, b_enc (b_mag), decoder rows, b_dec, gated also b_gate and r_mag, and last the skip weights where there are any.</param>
    /// <param name="isGated">Whether it is gated.</param>
    /// <param name="skip">The skip weights, or null.</param>
    /// <param name="input">What the encoder sees <c>[B, d_in]</c>.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="price">λ.</param>
    /// <param name="isTranscoder">Whether b_dec is not subtracted from the input.</param>
    public static PricedGradients Compute(IReadOnlyList<Tensor> weights, bool isGated, Tensor? skip, Tensor input, TrainingBatch batch, double price, bool isTranscoder)
    {
        var rows = batch.Input.shape[0];
        var (code, gate, magnitude) = Encode(weights, isGated, input);
        var residual = addmm(weights[3], code, weights[2], 1, 1).sub_(batch.Target);
        if (skip is not null)
        {
            residual = residual.add_(batch.Input.matmul(skip.t()));
        }

        var upstream = residual * (2.0 / rows);
        var byCode = upstream.matmul(weights[2].t());
        var byDecoder = code.t().matmul(upstream);
        var byDecoderBias = upstream.sum([0L]);
        var active = code.gt(0);
        double sparsity;
        Tensor byProduct;
        Tensor[] byEncoderBiases;
        if (isGated)
        {
            var open = gate!.relu();
            var auxiliary = addmm(weights[3], open, weights[2], 1, 1).sub_(batch.Target);
            sparsity = (price * open.sum().ToDouble() / rows) + (auxiliary.square().sum().ToDouble() / rows);
            var byMagnitude = byCode.mul_(active);
            var byGate = auxiliary.mul_(2.0 / rows).matmul(weights[2].t()).add_(price / rows).mul_(gate.gt(0));
            var scale = weights[5].exp();
            byProduct = (byMagnitude * scale).add_(byGate);
            byEncoderBiases = [byMagnitude.sum([0L]), byGate.sum([0L]), (byMagnitude * (magnitude! - weights[1])).sum([0L])];
        }
        else
        {
            sparsity = price * code.sum().ToDouble() / rows;
            byProduct = byCode.add_(price / rows).mul_(active);
            byEncoderBiases = [byProduct.sum([0L])];
        }

        if (!isTranscoder)
        {
            _ = byDecoderBias.sub_(byProduct.sum([0L]).unsqueeze(0).matmul(weights[0]).squeeze(0));
        }

        Tensor[] all =
        [
            byProduct.t().matmul(input), byEncoderBiases[0], byDecoder, byDecoderBias, .. byEncoderBiases[1..],
            .. skip is null ? Array.Empty<Tensor>() : [upstream.t().matmul(batch.Input)],
        ];
        return new PricedGradients(all, active.sum([0L]), residual.square().sum(ScalarType.Float64).item<double>() / rows, sparsity);
    }
}
