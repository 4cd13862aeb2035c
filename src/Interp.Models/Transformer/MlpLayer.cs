using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>The MLP of one block: from the residual stream to what is added to it.</summary>
internal sealed class MlpLayer(ModelConfig config, BlockParameters weights, int layer)
{
    /// <summary>Runs the layer.</summary>
    /// <param name="stream">[b, p, D].</param>
    /// <param name="plan">The run's hooks.</param>
    /// <returns>[b, p, D], in the present dispose scope.</returns>
    public Tensor Apply(Tensor stream, HookPlan plan)
    {
        var read = Norm.Apply(
            plan.Fire(HookSite.MlpIn, stream, layer),
            config.Norm,
            weights.MlpNorm,
            config.NormEpsilon,
            scale => plan.Fire(HookSite.Ln2Scale, scale, layer),
            normalized => plan.Fire(HookSite.Ln2Normalized, normalized, layer));
        var neurons = config.IsGated ? Gated(read, plan) : Plain(read, plan);
        neurons = plan.Fire(HookSite.MlpPost, neurons, layer);
        return plan.Fire(HookSite.MlpOut, Linear(neurons, weights.Out!, weights.OutBias), layer);
    }

    private Tensor Plain(Tensor read, HookPlan plan)
    {
        var pre = plan.Fire(HookSite.MlpPre, Linear(read, weights.In!, weights.InBias), layer);
        var post = Activations.Apply(config.Activation, pre);
        if (!config.HasMlpNorm)
        {
            return post;
        }

        return Norm.Apply(
            plan.Fire(HookSite.MlpMid, post, layer),
            NormKind.LayerNorm,
            weights.NeuronNorm,
            config.NormEpsilon,
            scale => plan.Fire(HookSite.MlpLnScale, scale, layer),
            normalized => plan.Fire(HookSite.MlpLnNormalized, normalized, layer));
    }

    private Tensor Gated(Tensor read, HookPlan plan)
    {
        var gate = plan.Fire(HookSite.MlpPre, Linear(read, weights.Gate!, weights.GateBias), layer);
        var up = plan.Fire(HookSite.MlpPreLinear, Linear(read, weights.In!, weights.InBias), layer);
        return Activations.Apply(config.Activation, gate) * up;
    }

    private static Tensor Linear(Tensor input, Tensor matrix, Tensor? bias) => bias is null ? input.matmul(matrix) : input.matmul(matrix) + bias;
}
