using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Models.Transformer;

/// <summary>
/// A mixture of gated experts in an MLP's place: each token goes through the few whose router probability is largest, weighted by
/// those probabilities made to sum to one (arXiv 2401.04088).
/// </summary>
internal sealed class ExpertLayer(ModelConfig config, BlockParameters weights, int layer)
{
    /// <summary>Runs the layer.</summary>
    /// <param name="read">[b, p, D], normalised.</param>
    /// <param name="plan">The run's hooks.</param>
    /// <returns>[b, p, D], in the present dispose scope.</returns>
    public Tensor Apply(Tensor read, HookPlan plan)
    {
        using var scope = NewDisposeScope();
        var router = plan.Fire(HookSite.MlpGate, read.matmul(weights.Router!), layer); // [b, p, E]
        var precise = router.dtype is ScalarType.Float32 or ScalarType.Float64 ? router : router.to(ScalarType.Float32);
        var (top, chosen) = nn.functional.softmax(precise, -1).topk(config.ExpertsPerToken, -1);
        var indices = plan.Fire(HookSite.ExpertIndices, chosen, layer); // [b, p, t]
        var shares = plan.Fire(HookSite.ExpertWeights, (top / top.sum(-1, keepdim: true)).to(read.dtype), layer);

        var tokens = read.flatten(0, 1); // [n, D]
        var flatIndices = indices.flatten(0, 1);
        var flatShares = shares.flatten(0, 1);
        var output = zeros_like(tokens);
        for (var expert = 0; expert < config.ExpertCount; expert++)
        {
            output = AddExpert(output, tokens, flatIndices, flatShares, expert, plan);
        }

        return output.view(read.shape).MoveToOuterDisposeScope();
    }

    private Tensor AddExpert(Tensor output, Tensor tokens, Tensor indices, Tensor shares, int expert, HookPlan plan)
    {
        using var scope = NewDisposeScope();
        var routed = indices.eq(expert).nonzero(); // [n, 2]: token, rank
        var isWatched = plan.WantsExpert(HookSite.ExpertPre, layer, expert) || plan.WantsExpert(HookSite.ExpertPost, layer, expert);
        if (routed.shape[0] == 0 && !isWatched)
        {
            return output;
        }

        var (rows, ranks) = (routed.select(1, 0), routed.select(1, 1));
        var input = tokens.index_select(0, rows);
        var pre = plan.FireExpert(HookSite.ExpertPre, input.matmul(weights.ExpertGate!.select(0, expert)), layer, expert, rows);
        var neurons = Activations.Gate(config.Activation, pre, input.matmul(weights.ExpertIn!.select(0, expert)));
        var made = plan.FireExpert(HookSite.ExpertPost, neurons, layer, expert, rows).matmul(weights.ExpertOut!.select(0, expert));
        var share = shares.index_select(0, rows).gather(1, ranks.unsqueeze(1));
        return output.index_add(0, rows, made * share, 1).MoveToOuterDisposeScope();
    }
}
