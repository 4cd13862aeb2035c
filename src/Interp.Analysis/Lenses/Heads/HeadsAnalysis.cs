using Interp.Compute;
using Interp.Models;
using Interp.Models.Hooks;
using Interp.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Lenses.Heads;

/// <summary>
/// What kind each attention head is of: previous token, duplicate token, induction, sink, copying, by its patterns on random
/// tokens that repeat and on a text. See the folder's README for the definitions and for what a score does not show.
/// </summary>
public static class HeadsAnalysis
{
    /// <summary>The line of the catalogue.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<HeadsInput, HeadsOptions, HeadsResult>(
        "heads",
        "Kinds of heads",
        "Previous-token, duplicate-token and induction scores of every head, with what evenly spread attention would score beside them.",
        SourceKinds.Model | SourceKinds.Text,
        HeadsInput.Open,
        Run,
        HeadsFigures.Draw);

    /// <summary>Runs the model on the prompts one by one. Memory: the patterns of one prompt.</summary>
    /// <param name="input">The model and its prompts.</param>
    /// <param name="options">What is left out.</param>
    /// <param name="progress">Receives every finished prompt.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public static HeadsResult Run(HeadsInput input, HeadsOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        var (repeated, text) = (new HeadTally(), new HeadTally());
        var losses = new List<(double First, double Second)>();
        var total = input.Repeated.Count + input.Text.Count;
        for (var prompt = 0; prompt < total; prompt++)
        {
            var isRandom = prompt < input.Repeated.Count;
            var ids = isRandom ? input.Repeated[prompt] : input.Text[prompt - input.Repeated.Count];
            var loss = Measure(input, ids, options, isRandom ? repeated : text, cancellation);
            if (isRandom)
            {
                losses.Add(loss);
            }

            progress?.Report(new StepProgress("score heads", prompt + 1, total, "prompts"));
        }

        var (layers, heads) = (input.Model.Config.LayerCount, input.Model.Config.HeadCount);
        var copying = Copying(input.Model, cancellation);
        return new HeadsResult
        {
            Tokens = input.Repeated[0].Length,
            Prompts = input.Repeated.Count,
            TextPrompts = input.Text.Count,
            Heads = [.. Enumerable.Range(0, layers * heads).Select(at =>
                new HeadScores(at / heads, at % heads, repeated.Of(at), input.Text.Count > 0 ? text.Of(at) : null, copying?[at]))],
            Uniform = Uniform(input.Repeated, options),
            TextUniform = input.Text.Count > 0 ? Uniform(input.Text, options) : null,
            FirstHalfLossNats = losses.Average(loss => loss.First),
            SecondHalfLossNats = losses.Average(loss => loss.Second),
            Warnings = input.Warnings,
        };
    }

    private static (double First, double Second) Measure(HeadsInput input, int[] prompt, HeadsOptions options, HeadTally tally, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var ids = tensor(Array.ConvertAll(prompt, id => (long)id));
        using var run = input.Model.Run(ids.unsqueeze(0), new RunOptions { Capture = HookFilter.Matching("blocks.*.attn.hook_pattern") }, cancellation);
        var patterns = cat([.. Enumerable.Range(0, input.Model.Config.LayerCount).Select(layer => run.Cache["pattern", layer][0].to(ScalarType.Float64).cpu())], 0);
        tally.Add(patterns, ids, options);

        // The logits at a position speak of the next; the first token of the second half cannot be known.
        var losses = nn.functional.cross_entropy(run.Logits![0].to(ScalarType.Float64).cpu().narrow(0, 0, prompt.Length - 1), ids.narrow(0, 1, prompt.Length - 1), reduction: nn.Reduction.None);
        var half = (prompt.Length - (input.HasBegin ? 1 : 0)) / 2;
        var begin = prompt.Length - (2 * half);
        var first = losses.narrow(0, Math.Max(0, begin - 1), half - (begin > 0 ? 0 : 1));
        var second = losses.narrow(0, begin + half, half - 1);
        return (first.mean().ToDouble(), second.mean().ToDouble());
    }

    private static PatternScores Uniform(IReadOnlyList<int[]> prompts, HeadsOptions options)
    {
        using var scope = NewDisposeScope();
        var tally = new HeadTally();
        var pattern = HeadPatterns.Uniform(prompts[0].Length).unsqueeze(0);
        foreach (var prompt in prompts)
        {
            tally.Add(pattern, tensor(Array.ConvertAll(prompt, id => (long)id)), options);
        }

        return tally.Of(0);
    }

    // The eigenvalues of W_E·W_V·W_O·W_U that are not zero are those of W_O·(W_U·W_E)·W_V, a small matrix.
    private static double[]? Copying(LanguageModel model, CancellationToken cancellation)
    {
        var (embedding, unembedding) = (model.Parameters["embed.W_E"], model.Parameters["unembed.W_U"]);
        if (model.Parameters.ContainsKey("unembed.W_proj") || embedding.shape[0] != unembedding.shape[1])
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var both = unembedding.to(ScalarType.Float32).matmul(embedding.to(ScalarType.Float32)).to(ScalarType.Float64); // [D, D]
        var scores = new List<double>();
        for (var layer = 0; layer < model.Config.LayerCount; layer++)
        {
            for (var head = 0; head < model.Config.HeadCount; head++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var circuit = model.OutputValue(layer, head);
                using var inner = new FactoredMatrix(circuit.Right.to(ScalarType.Float64).matmul(both), circuit.Left.to(ScalarType.Float64));
                using var square = new FactoredMatrix(inner.Product(), eye(inner.Left.shape[0], dtype: ScalarType.Float64, device: model.Device));
                var values = square.Eigenvalues();
                scores.Add(values.Sum(value => value.Real) / Math.Max(values.Sum(value => value.Magnitude), double.Epsilon));
            }
        }

        return [.. scores];
    }
}
