using Interp.Compute.LinearAlgebra;
using Interp.Models;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement.NoHair;

/// <summary>What one model does on the prompts.</summary>
/// <param name="Entropies">The entropies of attention by prompt: one after the other the cuts of each head.</param>
/// <param name="Outputs">The attention layers' outputs, float32 <c>[layer, prompt · token, d_model]</c>.</param>
/// <param name="Loss">The mean cross-entropy of the next token, nats.</param>
internal sealed record RunMeasurement(double[][] Entropies, Tensor Outputs, double Loss) : IDisposable
{
    /// <summary>Runs the model on every prompt.</summary>
    public static RunMeasurement Of(LanguageModel model, IReadOnlyList<int[]> prompts, SiteChain chain, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var layers = model.Config.LayerCount;
        var entropies = new double[prompts.Count][];
        var outputs = new List<Tensor>[layers];
        var loss = 0.0;
        for (var prompt = 0; prompt < prompts.Count; prompt++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var ids = tensor(prompts[prompt], dtype: ScalarType.Int64).unsqueeze(0);
            using var run = model.Run(ids, new RunOptions { Capture = HookFilter.Names("blocks.*.attn.hook_pattern", "blocks.*.hook_attn_out") }, cancellation);
            var patterns = cat([.. Enumerable.Range(0, layers).Select(layer => run.Cache[$"blocks.{layer}.attn.hook_pattern"].squeeze(0))], 0); // [layers · H, T, T]
            entropies[prompt] = [.. EntropyProfile.Of(patterns.cpu(), chain, cancellation).SelectMany(profile => profile.Entropies)];
            for (var layer = 0; layer < layers; layer++)
            {
                (outputs[layer] ??= []).Add(run.Cache[$"blocks.{layer}.hook_attn_out"].squeeze(0).to(ScalarType.Float32).cpu().MoveToOuterDisposeScope());
            }

            loss += CrossEntropy(run.Logits!, ids.to(run.Logits!.device));
        }

        return new RunMeasurement(entropies, stack([.. outputs.Select(layer => cat(layer, 0))]).DetachFromDisposeScope(), loss / prompts.Count);
    }

    public void Dispose() => Outputs.Dispose();

    private static double CrossEntropy(Tensor logits, Tensor ids)
    {
        var last = logits.shape[1] - 1;
        if (last == 0)
        {
            return double.NaN;
        }

        var targets = ids.narrow(1, 1, last).flatten();
        var predicted = logits.narrow(1, 0, last).flatten(0, 1).to(ScalarType.Float64);

        // Some toy tasks have a token that is read but never predicted.
        using var known = targets.lt(predicted.shape[1]).nonzero().squeeze(1);
        return known.numel() == 0 ? double.NaN
            : nn.functional.cross_entropy(predicted.index_select(0, known), targets.index_select(0, known)).ToDouble();
    }
}
