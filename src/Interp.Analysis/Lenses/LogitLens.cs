using Interp.Models;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Lenses;

/// <summary>The logit lens: every intermediate residual stream through the final norm and the unembedding (nostalgebraist, 2020).</summary>
public static class LogitLens
{
    /// <summary>Logits from the stream entering each block, and from the one leaving the last.</summary>
    /// <param name="model">The model.</param>
    /// <param name="ids">Token ids [batch, position].</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <returns>[layers + 1, batch, position, vocabulary], before any soft cap, owned by the caller.</returns>
    public static Tensor Compute(LanguageModel model, Tensor ids, CancellationToken cancellation = default) =>
        Compute(model, ids, (_, stream) => stream.alias(), cancellation);

    /// <summary>The distribution's logits: what the model does to logits after the unembedding, division and soft cap.</summary>
    internal static Tensor Distribution(LanguageModel model, Tensor logits)
    {
        logits = model.Config.LogitDivisor == 1 ? logits : logits / model.Config.LogitDivisor;
        return model.Config.LogitSoftcap is { } cap ? (logits / cap).tanh() * cap : logits;
    }

    /// <summary>The lens with each stream moved first by a function of its layer.</summary>
    internal static Tensor Compute(LanguageModel model, Tensor ids, Func<int, Tensor, Tensor> translate, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var last = $"blocks.{model.Config.LayerCount - 1}.hook_resid_post";
        using var run = model.Run(
            ids, new RunOptions { Capture = HookFilter.Names("blocks.*.hook_resid_pre", last), ReturnLogits = LogitPositions.None }, cancellation);
        var lens = empty([model.Config.LayerCount + 1, ids.shape[0], ids.shape[1], model.Config.OutputVocabularySize], model.Dtype, model.Device);
        for (var layer = 0; layer <= model.Config.LayerCount; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var stream = translate(layer, layer < model.Config.LayerCount ? run.Cache["resid_pre", layer] : run.Cache[last]);
            using var logits = model.Unembed(stream);
            lens[layer].copy_(logits);
        }

        return lens.MoveToOuterDisposeScope();
    }
}
