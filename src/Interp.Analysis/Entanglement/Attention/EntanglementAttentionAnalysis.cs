using Interp.Compute;
using Interp.Models;
using Interp.Models.Hooks;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement.Attention;

/// <summary>
/// Entropy profiles of attention read as a state of a chain of sites, by layer and head, against null models, simple patterns
/// and competing laws of growth. An independent implementation of the idea of arXiv 2601.06788; see the folder's README for
/// what is settled by its text and what is an option, and for what the profiles do not show.
/// </summary>
public static class EntanglementAttentionAnalysis
{
    private const double Reach = 8;

    /// <summary>Layers are measured together up to this many numbers (128 MiB).</summary>
    private const long MostElements = 1L << 24;

    /// <summary>The line of the catalogue.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<AttentionPrompts, EntanglementAttentionOptions, EntanglementAttentionResult>(
        "entanglement-attention",
        "Entanglement of attention",
        "Entropy profiles of attention patterns by layer and head, with the laws by which they grow and what attention sinks do to them.",
        SourceKinds.Model | SourceKinds.Text,
        AttentionPrompts.Open,
        Run,
        EntanglementAttentionFigures.Draw);

    /// <summary>Runs the model on the prompts one by one and measures every head. Memory: the patterns of one prompt.</summary>
    /// <param name="input">The model and its prompts.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Receives every finished prompt.</param>
    /// <param name="cancellation">Stops between layers.</param>
    /// <exception cref="InterpException">The prompts' length has a prime factor above 7, or a pattern holds numbers that are not finite.</exception>
    public static EntanglementAttentionResult Run(
        AttentionPrompts input, EntanglementAttentionOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        var tokens = input.Prompts[0].Length;
        if (!AttentionPrompts.IsSmooth(tokens))
        {
            throw new InterpException($"prompts of {tokens} tokens do not split into sites of at most 7: crop them to {1 << (int)Math.Log2(tokens)} tokens");
        }

        var chain = SiteChain.Of(tokens, tokens);
        var lengths = Lengths(tokens, options.ShortestPrefix);
        var samples = Samples(input.Model.Config.LayerCount, input.Model.Config.HeadCount);
        for (var prompt = 0; prompt < input.Prompts.Count; prompt++)
        {
            Measure(input.Model, input.Prompts[prompt], chain, lengths, options, samples, cancellation);
            progress?.Report(new StepProgress("measure attention", prompt + 1, input.Prompts.Count, "prompts"));
        }

        var profiles = samples.SelectMany((heads, layer) => heads
            .Select((head, number) => HeadAverage.Of(layer, number, head, chain, lengths, options))).ToArray();
        return new EntanglementAttentionResult
        {
            State = options.State,
            Tokens = tokens,
            Prompts = input.Prompts.Count,
            Lengths = lengths,
            Profiles = profiles,
            Overlays = Overlays(chain, lengths, cancellation),
            SinkShare = profiles.Count(profile => profile.IsSink) / (double)profiles.Length,
            Warnings = Warnings(input, chain, lengths),
        };
    }

    private static List<HeadSample>[][] Samples(int layers, int heads) =>
        [.. Enumerable.Range(0, layers).Select(_ => Enumerable.Range(0, heads).Select(_ => new List<HeadSample>()).ToArray())];

    /// <summary>The powers of two from the shortest to the whole length.</summary>
    private static int[] Lengths(int tokens, int shortest) =>
        [.. Enumerable.Range(1, 30).Select(power => 1 << power).Where(length => length >= shortest && length <= tokens)];

    private static void Measure(
        LanguageModel model,
        int[] prompt,
        SiteChain chain,
        int[] lengths,
        EntanglementAttentionOptions options,
        List<HeadSample>[][] samples,
        CancellationToken cancellation)
    {
        var hook = options.State == AttentionState.Pattern ? "hook_pattern" : "hook_attn_scores";
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var ids = tensor(prompt, dtype: ScalarType.Int64).unsqueeze(0);
        using var run = model.Run(ids, new RunOptions { Capture = HookFilter.Matching($"blocks.*.attn.{hook}"), ReturnLogits = LogitPositions.None }, cancellation);
        var layers = (int)Math.Clamp(MostElements / ((long)samples[0].Length * chain.Rows * chain.Columns), 1, samples.Length);
        for (var first = 0; first < samples.Length; first += layers)
        {
            cancellation.ThrowIfCancellationRequested();
            using var inner = NewDisposeScope();
            var names = Enumerable.Range(first, Math.Min(layers, samples.Length - first)).Select(layer => $"blocks.{layer}.attn.{hook}");
            var matrices = cat(names.Select(name => Finite(run.Cache[name], options.State, name)).ToArray(), 1).squeeze(0).cpu(); // [layers · H, T, T]
            var measured = HeadSample.Of(matrices, chain, lengths, options.State, needsRank: samples[first][0].Count == 0, cancellation);
            for (var head = 0; head < measured.Length; head++)
            {
                samples[first + (head / samples[0].Length)][head % samples[0].Length].Add(measured[head]);
            }
        }
    }

    /// <summary>Float64 with masked scores taken as zero.</summary>
    private static Tensor Finite(Tensor captured, AttentionState state, string name)
    {
        var matrices = captured.detach().to(ScalarType.Float64);
        if (state == AttentionState.Scores)
        {
            // Masked scores are −∞ or the smallest number of the dtype.
            matrices = matrices.tril().masked_fill(matrices.lt(-1e30), 0);
        }

        return matrices.isfinite().all().item<bool>() && matrices.abs().amax([2L, 3L]).gt(0).all().item<bool>()
            ? matrices
            : throw new InterpException($"{name} holds numbers that are not finite, or nothing but zeros: the model or its weights are damaged");
    }

    private static PatternOverlay[] Overlays(SiteChain chain, int[] lengths, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var patterns = stack([AttentionPatterns.UniformCausal(chain.Rows), AttentionPatterns.LocalCausal(chain.Rows, Reach)]);
        var samples = HeadSample.Of(patterns, chain, lengths, AttentionState.Pattern, needsRank: false, cancellation);
        string[] names = ["uniform over the past", "falling off over 8 tokens"];
        return [.. names.Zip(samples, (name, sample) => new PatternOverlay(name, sample.Profile.Entropies, sample.PrefixEntropies))];
    }

    private static string[] Warnings(AttentionPrompts input, SiteChain chain, int[] lengths)
    {
        List<string> warnings = [.. input.Warnings];
        if (lengths.Length < 4)
        {
            warnings.Add($"{lengths.Length} lengths are too few to tell laws of growth apart: give longer prompts");
        }

        if (chain.CutCount < 5)
        {
            warnings.Add($"{chain.CutCount} cuts are too few to tell laws of the profile apart: give longer prompts");
        }

        return [.. warnings];
    }
}
