using TorchSharp;
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
    private JumpReluGradients(IReadOnlyList<Tensor> all, Tensor firings, double reconstruction, double sparsity, double l0)
    {
        All = all;
        Firings = firings;
        Reconstruction = reconstruction;
        Sparsity = sparsity;
        L0 = l0;
    }

    /// <summary>One gradient a parameter, in the order of <see cref="JumpReluParameters.All"/>.</summary>
    public IReadOnlyList<Tensor> All { get; }

    /// <summary>How many rows each latent fired on, <c>[d_sae]</c>.</summary>
    public Tensor Firings { get; }

    /// <summary>The mean of ‖x̂ − x‖².</summary>
    public double Reconstruction { get; }

    /// <summary>The sparsity loss.</summary>
    public double Sparsity { get; }

    /// <summary>The mean of the number of active latents.</summary>
    public double L0 { get; }

    /// <summary>Computes loss and gradients.</summary>
    /// <param name="parameters">The weights.</param>
    /// <param name="x">A batch <c>[B, d_in]</c> of the weights' dtype.</param>
    /// <param name="loss">The constants.</param>
    /// <param name="dead">1 for every latent that the pre-activation loss should revive, else 0, <c>[d_sae]</c>; null for none.</param>
    /// <param name="target">What a transcoder should write <c>[B, d_out]</c>, whose encoder sees x as it is; null for an autoencoder, which sees x − b_dec.</param>
    public static JumpReluGradients Compute(JumpReluParameters parameters, Tensor x, JumpReluLoss loss, Tensor? dead = null, Tensor? target = null)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var batch = x.shape[0];
        var dtype = x.dtype;
        var theta = parameters.Thresholds;
        var centred = target is null ? x - parameters.DecoderBias : x;
        var z = addmm(parameters.EncoderBias, centred, parameters.Encoder.t(), 1, 1); // [B, N]
        var over = z - theta;
        var active = over.gt(0).to(dtype);
        var code = z * active;
        var residual = addmm(parameters.DecoderBias, code, parameters.Decoder, 1, 1).sub_(target ?? x);
        if (parameters.Skip is { } skip)
        {
            _ = residual.add_(x.matmul(skip.t()));
        }

        var firings = active.sum([0L]);
        var l0 = firings.sum().ToDouble() / batch;

        var upstream = residual * (2.0 / batch); // g
        var byCode = upstream.matmul(parameters.Decoder.t()); // df
        var window = over.abs_().lt(loss.Bandwidth / 2).to(dtype);
        var slope = loss.SparsitySlope(l0) / batch;
        var byTheta = (window * byCode).sum([0L]).mul_(theta).add_(window.sum([0L]), slope).div_(-loss.Bandwidth);
        var byZ = active.mul_(byCode);
        if (loss.StepGradientToInput)
        {
            byZ.add_(window * ((byCode * theta) + slope), 1 / loss.Bandwidth);
        }

        if (dead is not null && loss.PreActivationCoefficient > 0)
        {
            var below = z.le(theta).to(dtype).mul_(dead).mul_(loss.PreActivationCoefficient / batch);
            byZ.sub_(below);
            byTheta.add_(below.sum([0L]));
        }

        var byEncoderBias = byZ.sum([0L]);
        var byDecoderBias = upstream.sum([0L]);
        if (target is null)
        {
            _ = byDecoderBias.sub_(byEncoderBias.unsqueeze(0).matmul(parameters.Encoder).squeeze(0));
        }

        Tensor[] all = [byZ.t().matmul(centred), byEncoderBias, code.t().matmul(upstream), byDecoderBias, byTheta];
        if (parameters.Skip is not null)
        {
            all = [.. all, upstream.t().matmul(x)];
        }

        var reconstruction = residual.square().sum().ToDouble() / batch;
        foreach (var tensor in all)
        {
            tensor.DetachFromDisposeScope();
        }

        return new JumpReluGradients(all, firings.DetachFromDisposeScope(), reconstruction, loss.Sparsity(l0), l0);
    }

    public void Dispose()
    {
        foreach (var tensor in All)
        {
            tensor.Dispose();
        }

        Firings.Dispose();
    }
}
