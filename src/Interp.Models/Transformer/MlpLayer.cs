using Interp.Models.Adapters;
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
        var read = plan.Fire(HookSite.MlpIn, stream, layer);
        if (config.NormPlacement is NormPlacement.Before or NormPlacement.BeforeAndAfter)
        {
            read = Norm.Apply(read, config, weights.MlpNorm, plan, HookSite.Ln2Scale, layer);
        }

        var output = weights.Router is not null ? new ExpertLayer(config, weights, layer).Apply(read, plan) : Neurons(read, plan);
        if (config.NormPlacement is NormPlacement.After or NormPlacement.BeforeAndAfter)
        {
            output = Norm.Apply(output, config, weights.MlpPostNorm, plan, HookSite.Ln2PostScale, layer);
        }

        output = config.ResidualScale == 1 ? output : output * config.ResidualScale;
        return plan.Fire(HookSite.MlpOut, output, layer);
    }

    private Tensor Neurons(Tensor read, HookPlan plan)
    {
        var neurons = plan.Fire(HookSite.MlpPost, config.IsGated ? Gated(read, plan) : Plain(read, plan), layer);
        return plan.Adapt(LivePlace.Out, layer, neurons, Dense.Apply(neurons, weights.Out!, weights.OutBias));
    }

    private Tensor Plain(Tensor read, HookPlan plan)
    {
        var pre = plan.Fire(HookSite.MlpPre, plan.Adapt(LivePlace.In, layer, read, Dense.Apply(read, weights.In!, weights.InBias)), layer);
        var post = Activations.Apply(config.Activation, pre);
        if (!config.HasMlpNorm)
        {
            return post;
        }

        return Norm.Apply(plan.Fire(HookSite.MlpMid, post, layer), config, weights.NeuronNorm, plan, HookSite.MlpLnScale, layer, NormKind.LayerNorm);
    }

    private Tensor Gated(Tensor read, HookPlan plan)
    {
        var gate = plan.Fire(HookSite.MlpPre, plan.Adapt(LivePlace.Gate, layer, read, Dense.Apply(read, weights.Gate!, weights.GateBias)), layer);
        var up = plan.Fire(HookSite.MlpPreLinear, plan.Adapt(LivePlace.In, layer, read, Dense.Apply(read, weights.In!, weights.InBias)), layer);
        return Activations.Gate(config.Activation, gate, up);
    }
}
