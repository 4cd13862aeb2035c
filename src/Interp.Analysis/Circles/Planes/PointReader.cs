using Interp.Compute;
using Interp.Models;
using Interp.Models.Checkpoints;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Planes;

/// <summary>Reads labelled points from a tensor file or from a model that adds modulo p.</summary>
internal static class PointReader
{
    private const int PromptsAtOnce = 4096;
    private const int PromptLength = 3;

    /// <summary>Reads the points of the sources: the tensor where one is named, else the model's sites.</summary>
    /// <returns>One set of points a site, owned by the caller.</returns>
    /// <exception cref="InterpException">There is neither, or they do not fit the options.</exception>
    public static IReadOnlyList<LabelledPoints> Read(AnalysisSources sources, PlanesOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        if (sources.Tensor is { } reference)
        {
            var points = TensorReference.Read(reference);
            try
            {
                return [LabelledPoints.InOrder(reference, points, options.Modulus)];
            }
            catch
            {
                points.Dispose();
                throw;
            }
        }

        return sources.Model is { } model
            ? Read(model, options, progress, cancellation)
            : throw new InterpException("circles-planes needs labelled points: name a model that adds modulo p, or a tensor [n, d] as FILE:TENSOR");
    }

    private static List<LabelledPoints> Read(LanguageModel model, PlanesOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var modulus = ModulusOf(model, options);
        var hooks = options.Sites.Distinct().Where(site => site != PlanesOptions.Embedding)
            .ToDictionary(site => site, site => site == PlanesOptions.Residual ? $"blocks.{model.Config.LayerCount - 1}.hook_resid_post" : site);
        var captured = hooks.Count > 0 ? Capture(model, modulus, [.. hooks.Values.Distinct()], progress, cancellation) : [];
        var labels = Enumerable.Range(0, modulus * modulus).Select(pair => LabelOf(options.Label, pair / modulus, pair % modulus, modulus)).ToArray();
        return [.. options.Sites.Distinct().Select(site => site == PlanesOptions.Embedding
            ? LabelledPoints.InOrder($"{model.Name} number embeddings", NumberEmbeddings(model, modulus), modulus)
            : new LabelledPoints($"{model.Name} {hooks[site]} at the answer", captured[hooks[site]], labels, modulus))];
    }

    private static Tensor NumberEmbeddings(LanguageModel model, int modulus)
    {
        using var scope = NewDisposeScope();
        return model.Parameters["embed.W_E"].narrow(0, 0, modulus).to_type(ScalarType.Float64).cpu().DetachFromDisposeScope();
    }

    private static int ModulusOf(LanguageModel model, PlanesOptions options)
    {
        var own = model.Task is { Kind: ModelTask.ModularAddition } task ? task.Modulus : 0;
        var modulus = options.Modulus != 0 ? options.Modulus : own;
        return modulus == 0 ? throw new InterpException($"{model.Name} has no modular-addition task of its own: give the modulus of the one it was trained on")
            : own != 0 && modulus != own ? throw new InterpException($"{model.Name} adds modulo {own}, not {modulus}: leave the modulus out")
            : modulus < 3 || model.Config.VocabularySize <= modulus || model.Config.ContextLength < PromptLength
                ? throw new InterpException($"{model.Name} cannot add modulo {modulus}: it needs a modulus of at least 3, tokens 0 to {modulus} and {PromptLength} positions")
            : modulus;
    }

    /// <summary>The value of each hook at the last position of every prompt [a, b, p], in the order a·p + b.</summary>
    private static Dictionary<string, Tensor> Capture(LanguageModel model, int modulus, string[] hooks, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var parts = hooks.ToDictionary(hook => hook, _ => new List<Tensor>());
        var run = new RunOptions { Capture = HookFilter.Names(hooks), ReturnLogits = LogitPositions.None };
        var count = modulus * modulus;
        for (var start = 0; start < count; start += PromptsAtOnce)
        {
            var rows = Math.Min(PromptsAtOnce, count - start);
            using var pairs = arange(start, start + rows, dtype: ScalarType.Int64);
            using var prompts = stack([pairs.floor_divide(modulus), pairs.remainder(modulus), full_like(pairs, modulus)], 1);
            using var result = model.Run(prompts, run, cancellation);
            foreach (var hook in hooks)
            {
                var value = result.Cache[hook];
                parts[hook].Add(value.dim() >= 3 && value.shape[1] == PromptLength
                    ? value.select(1, PromptLength - 1).reshape(rows, -1).to_type(ScalarType.Float64).cpu()
                    : throw new InterpException($"{hook} has the shape [{string.Join(", ", value.shape)}] without a position axis: choose a hook with one vector a position"));
            }

            progress?.Report(new StepProgress("read", start + rows, count, "prompts"));
        }

        return parts.ToDictionary(part => part.Key, part => cat(part.Value, 0).DetachFromDisposeScope());
    }

    private static int LabelOf(ResidueLabel label, int first, int second, int modulus) => label switch
    {
        ResidueLabel.Sum => (first + second) % modulus,
        ResidueLabel.First => first,
        ResidueLabel.Second => second,
        ResidueLabel.Difference => (first - second + modulus) % modulus,
        _ => throw new ArgumentOutOfRangeException(nameof(label), label, "unknown label"),
    };
}
