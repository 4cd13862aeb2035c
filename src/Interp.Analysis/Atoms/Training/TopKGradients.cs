using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// The loss (1/G)·Σ_g (1/B)Σ‖x̂_g − y‖² of nested prefixes g of the latents and its gradients, by hand; the active set is treated as constant.
/// Tensors belong to the caller's scope.
/// </summary>
internal sealed class TopKGradients
{
    private readonly IReadOnlyList<Tensor> _weights;
    private readonly Tensor _input;
    private readonly Tensor _residual;
    private readonly bool _isTranscoder;

    /// <summary>Computes loss and gradients.</summary>
    /// <param name="weights">Encoder rows, encoder bias, decoder rows, decoder bias and, for a skip transcoder, skip weights.</param>
    /// <param name="input">What the encoder saw <c>[B, d_in]</c>.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="code">Codes <c>[B, d_sae]</c>.</param>
    /// <param name="active">Where they are not zero.</param>
    /// <param name="nested">The widths of the prefixes, the last all latents.</param>
    /// <param name="isTranscoder">Whether b_dec is not subtracted from the input.</param>
    public TopKGradients(IReadOnlyList<Tensor> weights, Tensor input, TrainingBatch batch, Tensor code, Tensor active, IReadOnlyList<long> nested, bool isTranscoder)
    {
        _weights = weights;
        _input = input;
        _isTranscoder = isTranscoder;
        var rows = batch.Input.shape[0];
        var decoder = weights[2];
        var sum = weights[3] - batch.Target;
        if (weights.Count > 4)
        {
            sum = sum + batch.Input.matmul(weights[4].t());
        }

        var share = 2.0 / (rows * nested.Count);
        var upstreams = new Tensor[nested.Count];
        for (var group = 0; group < nested.Count; group++)
        {
            var (first, width) = Slice(nested, group);
            sum = sum + code.narrow(1, first, width).matmul(decoder.narrow(0, first, width));
            upstreams[group] = sum * share;
        }

        _residual = sum;
        Reconstruction = sum.square().sum(ScalarType.Float64).item<double>() / rows;
        // A latent of group j is in every prefix from j on.
        for (var group = nested.Count - 2; group >= 0; group--)
        {
            upstreams[group] = upstreams[group] + upstreams[group + 1];
        }

        var byDecoder = zeros_like(decoder);
        var byCode = zeros_like(code);
        for (var group = 0; group < nested.Count; group++)
        {
            var (first, width) = Slice(nested, group);
            _ = byDecoder.narrow(0, first, width).copy_(code.narrow(1, first, width).t().matmul(upstreams[group]));
            _ = byCode.narrow(1, first, width).copy_(upstreams[group].matmul(decoder.narrow(0, first, width).t()));
        }

        var byZ = byCode.mul_(active);
        var byBias = byZ.sum([0L]);
        var byDecoderBias = upstreams[0].sum([0L]);
        if (!isTranscoder)
        {
            _ = byDecoderBias.sub_(byBias.unsqueeze(0).matmul(weights[0]).squeeze(0));
        }

        All = [byZ.t().matmul(input), byBias, byDecoder, byDecoderBias];
        if (weights.Count > 4)
        {
            All = [.. All, upstreams[0].t().matmul(batch.Input)];
        }
    }

    /// <summary>One gradient a weight.</summary>
    public IReadOnlyList<Tensor> All { get; }

    /// <summary>The mean of ‖x̂ − y‖² with all latents.</summary>
    public double Reconstruction { get; }

    /// <summary>
    /// Adds the gradients of AuxK: the k_aux greatest of the dead latents decode, without bias, to ê, which should be the (constant) residual
    /// e = y − x̂; the loss is min(n_dead/k_aux, 1)·Σ‖e − ê‖²/Σ‖e − ē‖², k_aux = d_out/2.
    /// </summary>
    /// <param name="z">Pre-activations <c>[B, d_sae]</c>.</param>
    /// <param name="dead">Which latents are dead <c>[d_sae]</c>.</param>
    /// <param name="coefficient">The weight of the loss.</param>
    /// <returns>The weighted loss.</returns>
    public double AddAuxiliary(Tensor z, Tensor dead, double coefficient)
    {
        using var scope = NewDisposeScope();
        var latents = dead.nonzero().squeeze(1);
        var count = (int)latents.shape[0];
        if (count == 0)
        {
            return 0;
        }

        var wanted = Math.Max(1, (int)_weights[3].shape[0] / 2);
        var candidates = z.index_select(1, latents);
        var code = CodeSelection.Greatest(candidates, candidates.relu(), Math.Min(wanted, count));
        var directions = _weights[2].index_select(0, latents);
        var error = _residual.neg();
        var variance = (error - error.mean([0L])).square().sum().ToDouble();
        if (!(variance > 0))
        {
            return 0;
        }

        var scale = coefficient * Math.Min((double)count / wanted, 1) / variance;
        var difference = code.matmul(directions) - error;
        var upstream = difference * (2 * scale);
        var byZ = upstream.matmul(directions.t()).mul_(code.gt(0));
        var byBias = byZ.sum([0L]);
        _ = All[0].index_add_(0, latents, byZ.t().matmul(_input), 1);
        _ = All[1].index_add_(0, latents, byBias, 1);
        _ = All[2].index_add_(0, latents, code.t().matmul(upstream), 1);
        if (!_isTranscoder)
        {
            _ = All[3].sub_(byBias.unsqueeze(0).matmul(_weights[0].index_select(0, latents)).squeeze(0));
        }

        return scale * difference.square().sum().ToDouble();
    }

    private static (long First, long Width) Slice(IReadOnlyList<long> nested, int group)
    {
        var first = group == 0 ? 0 : nested[group - 1];
        return (first, nested[group] - first);
    }
}
