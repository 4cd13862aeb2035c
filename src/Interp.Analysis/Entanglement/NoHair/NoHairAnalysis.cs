using Interp.Analysis.Entanglement.Attention;
using Interp.Analysis.Entanglement.Internal;
using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Entanglement.NoHair;

/// <summary>
/// Whether what sets tuned models apart inside, in the entropy profiles of their updates, shows outside, in the profiles of their
/// attention; with controls without which the test is passed by any small update. The claim is that of arXiv 2601.06788, whose
/// statistic is not known; this one is our own, see the folder's README.
/// </summary>
public static class NoHairAnalysis
{
    private static readonly RunKind[] s_controls = [RunKind.RandomDense, RunKind.RandomLowRank, RunKind.PermutedRows];

    /// <summary>The line of the catalogue.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<AttentionPrompts, NoHairOptions, NoHairResult>(
        "entanglement-no-hair",
        "No-hair test of tuned models",
        "Whether tuned models that differ in the entropy profiles of their updates differ in those of their attention, beside random updates and prompts.",
        SourceKinds.Model | SourceKinds.Text,
        (sources, options) => AttentionPrompts.Open(sources, new EntanglementAttentionOptions { Length = options.Length, Prompts = options.Prompts, Seed = options.Seed }),
        Run,
        NoHairFigures.Draw);

    /// <summary>Runs the base, every tuned model and three controls a tuned model on the prompts. Memory: two models, and the attention outputs of all.</summary>
    /// <param name="input">The base and its prompts.</param>
    /// <param name="options">The tuned models and how.</param>
    /// <param name="progress">Receives every finished model.</param>
    /// <param name="cancellation">Stops between prompts.</param>
    /// <exception cref="InterpException">Fewer than two tuned models, or one that does not fit the base or does not differ from it.</exception>
    public static NoHairResult Run(AttentionPrompts input, NoHairOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        var folders = TunedRuns.Parse(options.Runs);
        var chain = AttentionChain(input);
        using var runs = new RunSet();
        var total = 1 + (folders.Count * (1 + s_controls.Length));
        void Measure(string name, RunKind kind, LanguageModel model, double norm)
        {
            runs.Add(name, kind, RunMeasurement.Of(model, input.Prompts, chain, cancellation), norm);
            progress?.Report(new StepProgress("compare models", runs.Count, total, "models"));
        }

        Measure(input.Model.Name, RunKind.Base, input.Model, 0);
        var profiles = new List<IReadOnlyList<EntanglementProfile>>();
        foreach (var (name, folder) in folders)
        {
            using var tuned = TunedRuns.Load(input.Model, folder);
            using var updates = TunedRuns.Updates(input.Model, folder);
            profiles.Add(Internal(name, input.Model, updates, options, cancellation));
            Measure(name, RunKind.Tuned, tuned, updates.RelativeNorm);
            foreach (var kind in s_controls)
            {
                using var copy = TunedRuns.Load(input.Model, input.Model.Folder!);
                updates.AddControl(copy, kind, options.Seed);
                Measure($"{name}: {Words(kind)}", kind, copy, updates.RelativeNorm);
            }
        }

        return Compare(input, options, chain, runs, profiles);
    }

    private static SiteChain AttentionChain(AttentionPrompts input)
    {
        var tokens = input.Prompts[0].Length;
        return AttentionPrompts.IsSmooth(tokens) && input.Prompts.Count > 1
            ? SiteChain.Of(tokens, tokens)
            : throw new InterpException($"{input.Prompts.Count} prompts of {tokens} tokens: the comparison needs two at least, of a length without prime factors above 7");
    }

    private static IReadOnlyList<EntanglementProfile> Internal(string name, LanguageModel model, WeightUpdates updates, NoHairOptions options, CancellationToken cancellation)
    {
        var matrices = WeightMatrices.Named(updates.Changes.Keys, options.Matrices)
            .Select(matrix => WeightMatrix.Dense($"{name}: {matrix}", () => WeightMatrices.OutIn(matrix, updates.Changes[matrix])).WithHeadsOf(model, matrix)).ToArray();
        if (matrices.Length == 0)
        {
            throw new InterpException($"{name} changes no matrix called {string.Join(" or ", options.Matrices)}: choose matrices that all runs change, or leave the run out");
        }

        using var input = new WeightMatrices(matrices);
        return EntanglementInternalAnalysis.Run(input, new EntanglementInternalOptions { Surrogates = 0, Seed = options.Seed }, null, cancellation).Profiles;
    }

    private static NoHairResult Compare(AttentionPrompts input, NoHairOptions options, SiteChain chain, RunSet runs, List<IReadOnlyList<EntanglementProfile>> profiles)
    {
        var bounds = RunDistances.Bounds(chain);
        var tuned = runs.Indices(RunKind.Tuned);
        var pairs = new List<ComparedPair>();
        var between = new List<double[]>();
        for (var i = 0; i < tuned.Length; i++)
        {
            for (var j = i + 1; j < tuned.Length; j++)
            {
                pairs.Add(runs.Pair(tuned[i], tuned[j], bounds, InternalDistance(profiles[i], profiles[j])));
                between.Add(runs.External(tuned[i], tuned[j], bounds));
            }
        }

        var insideMean = pairs.Average(pair => pair.Internal ?? double.NaN);
        pairs.AddRange(Enumerable.Range(1, runs.Count - 1).Select(other => runs.Pair(0, other, bounds, null)));
        var outside = between.Average(distances => distances.Average());
        var promptMean = runs.BetweenPrompts(0, bounds);
        var random = pairs.Where(pair => pair.Kind is RunKind.RandomDense or RunKind.RandomLowRank).Average(pair => pair.External);
        var (low, high) = Bootstrap(between, insideMean, options);
        var isSupported = outside < promptMean && outside < random;
        return new NoHairResult
        {
            Tokens = chain.Rows,
            Prompts = input.Prompts.Count,
            Runs = runs.Summaries(chain.CutCount),
            Pairs = pairs,
            Index = insideMean > 0 ? outside / insideMean : null,
            IndexLow = insideMean > 0 ? low : null,
            IndexHigh = insideMean > 0 ? high : null,
            BetweenMethods = outside,
            BetweenPrompts = promptMean,
            RandomUpdates = random,
            IsSupported = isSupported,
            Verdict = isSupported
                ? "no-hair supported: tuned models are closer to each other outside than prompts are, and than random updates of their norms are to the base"
                : "not distinguishable from a small update",
            Profiles = [.. profiles.SelectMany(list => list)],
            Warnings = [.. input.Warnings, .. Missing(profiles)],
        };
    }

    /// <summary>Over the matrices that both change.</summary>
    private static double? InternalDistance(IReadOnlyList<EntanglementProfile> first, IReadOnlyList<EntanglementProfile> second)
    {
        static string Matrix(EntanglementProfile profile) => profile.Name[(profile.Name.LastIndexOf(' ') + 1)..];
        var others = second.ToDictionary(Matrix);
        var squares = first.Where(profile => others.ContainsKey(Matrix(profile))).SelectMany(profile =>
        {
            var total = Math.Log(profile.Rows) + Math.Log(profile.Columns);
            return profile.Entropies.Zip(others[Matrix(profile)].Entropies, profile.LogDimensions)
                .Select(cut => Math.Pow((cut.First - cut.Second) / Math.Min(cut.Third, total - cut.Third), 2));
        }).ToArray();
        return squares.Length > 0 ? Math.Sqrt(squares.Average()) : null;
    }

    private static (double Low, double High) Bootstrap(List<double[]> between, double inside, NoHairOptions options)
    {
        var random = SplitMix64.ForStream(options.Seed, "no-hair bootstrap");
        var prompts = between[0].Length;
        var values = new double[options.Draws];
        for (var draw = 0; draw < values.Length; draw++)
        {
            var sum = 0.0;
            for (var i = 0; i < prompts; i++)
            {
                var prompt = random.NextInt(prompts);
                sum += between.Sum(distances => distances[prompt]);
            }

            values[draw] = sum / prompts / between.Count / inside;
        }

        Array.Sort(values);
        return (values[(int)(0.025 * (values.Length - 1))], values[(int)Math.Ceiling(0.975 * (values.Length - 1))]);
    }

    private static IEnumerable<string> Missing(List<IReadOnlyList<EntanglementProfile>> profiles)
    {
        var counts = profiles.Select(list => list.Count).Distinct().ToArray();
        if (counts.Length > 1)
        {
            yield return $"the runs change {string.Join(", ", counts)} of the chosen matrices: internal distances are over those that both of a pair change";
        }
    }

    private static string Words(RunKind kind) => kind switch
    {
        RunKind.RandomDense => "random update",
        RunKind.RandomLowRank => "random update of its rank",
        _ => "rows permuted across heads",
    };
}
