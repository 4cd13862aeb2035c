using Interp.Analysis.Atoms.Evaluation;
using Interp.Compute;
using Interp.Compute.Options;
using Interp.Models.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Probing;

/// <summary>Probes few latents for a labelled task, beside dense probes and neurons, and looks for absorption.</summary>
public static class ProbingAnalysis
{
    /// <summary>A latent more counts as one of the class when it adds this much F1; the paper's threshold for split features.</summary>
    private const double LeastGain = 0.03;

    /// <summary>The line of the catalogue.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<AtomsEvalInput, ProbingOptions, ProbingResult>(
        "atoms-probe",
        "Probed dictionary",
        "How much of a labelled task single latents hold, beside a probe on the whole activation and beside neurons; and where one latent absorbs another's work.",
        SourceKinds.Dictionary | SourceKinds.Activations | SourceKinds.Model,
        Open,
        Run,
        ProbingFigures.Draw);

    /// <summary>Probes a dictionary. Deterministic for the seed.</summary>
    /// <param name="input">Dictionary, activations and, for first letters, the model with its tokenizer.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Receives pieces of rows, then classes.</param>
    /// <param name="cancellation">Stops between pieces and classes.</param>
    /// <exception cref="InterpException">The rows have no such labels, or too few of each.</exception>
    public static ProbingResult Run(AtomsEvalInput input, ProbingOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        OptionsSchema.Validate(options);
        if (options.Sparsities.Count == 0 || options.Sparsities.Any(count => count < 1))
        {
            throw new InterpException("--sparsities needs whole numbers of latents from 1 up, 1,2,4 for example");
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (dictionary, store) = (input.Dictionary, input.Store);
        var tokenizer = input.Model?.Folder is { } folder ? Tokenizer.TryLoad(folder) : null;
        var labelled = LabelledRows.Of(store, tokenizer, options.Task);
        var record = dictionary.Info.Training is { } own && own.Fingerprint == store.Fingerprint ? own : null;
        var split = HeldOutSplit.Create(store, record is { HeldOutFraction: > 0 } ? record.HeldOutFraction : options.HeldOutFraction, record?.Seed ?? options.Seed, cancellation);
        var train = new ProbedRows(store, dictionary, split.Train, labelled.Labels, options.Rows, options.Seed);
        var heldOut = new ProbedRows(store, dictionary, split.HeldOut, labelled.Labels, options.Rows, options.Seed + 1);
        var classes = Chosen(labelled, train, heldOut, options);
        var (latents, rising, neurons) = Rank(labelled, train, dictionary.Width, options, progress, cancellation);
        var probed = classes.Select((label, i) =>
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new StepProgress("probe classes", i, classes.Length, "classes"));
            return Probe(label, labelled.Names[label], dictionary, train, heldOut, latents[label], rising[label], neurons[label], options, cancellation);
        }).ToArray();
        return new ProbingResult
        {
            Task = labelled.Task,
            Dense = Mean(probed.Select(entry => entry.Class.Dense)),
            Sparse = [.. options.Sparsities.Select((count, i) => new SparseScore(count, Mean(probed.Select(entry => entry.Class.Sparse[i])), Mean(probed.Select(entry => entry.Neurons[i]))))],
            AbsorptionRate = MeanOf(probed.Select(entry => entry.Class.Absorbed)),
            MissRate = MeanOf(probed.Select(entry => entry.Class.Missed)),
            Classes = [.. probed.Select(entry => entry.Class)],
            TrainingRows = train.Labels.Length,
            HeldOutRows = heldOut.Labels.Length,
            Hook = store.Hook,
            Width = dictionary.Width,
        };
    }

    private static AtomsEvalInput Open(AnalysisSources sources, ProbingOptions options) => sources is { Dictionary: { } dictionary, Activations: { } activations }
        ? AtomsEvalInput.Open(dictionary, activations, sources.Model, options.Hook)
        : throw new InterpException("atoms probe needs a dictionary and the activations it reads: give a sparse autoencoder's folder and --activations");

    /// <summary>The most frequent classes with enough rows on both sides.</summary>
    private static int[] Chosen(LabelledRows labelled, ProbedRows train, ProbedRows heldOut, ProbingOptions options)
    {
        const int LeastHeldOut = 4;
        var unseen = heldOut.Labels.CountBy(label => label).ToDictionary();
        int[] classes =
        [
            .. train.Labels.CountBy(label => label)
                .Where(pair => pair.Value >= options.LeastExamples && unseen.GetValueOrDefault(pair.Key) >= LeastHeldOut)
                .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Take(options.Classes).Select(pair => pair.Key),
        ];
        return classes.Length > 0 && train.Labels.Distinct().Take(2).Count() > 1
            ? classes
            : throw new InterpException($"no two labels with at least {options.LeastExamples} training and {LeastHeldOut} held-out rows (task {labelled.Task}): capture more tokens, or lower --least-examples");
    }

    /// <summary>For every label its best latents, those of them that fire more in the class, and its best neurons, as many as the densest of the sparse probes reads.</summary>
    private static (int[][] Latents, int[][] Rising, int[][] Neurons) Rank(LabelledRows labelled, ProbedRows train, int width, ProbingOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var most = options.Sparsities.Max();
        var latents = new FeatureRanking(labelled.Names.Count, width);
        var neurons = new FeatureRanking(labelled.Names.Count, (int)train.Activations.shape[1]);
        train.Codes(
            (first, codes) =>
            {
                var labels = train.Labels.AsSpan(first, (int)codes.shape[0]);
                latents.Add(codes, labels);
                neurons.Add(train.Activations.narrow(0, first, labels.Length), labels);
            },
            progress,
            cancellation);
        int[][] best = [.. Enumerable.Range(0, labelled.Names.Count).Select(label => latents.Best(label, most))];
        return (best, [.. best.Select((chosen, label) => latents.Higher(label, chosen))], [.. best.Select((_, label) => neurons.Best(label, most))]);
    }

    private static (ProbedClass Class, ProbeScore[] Neurons) Probe(
        int label, string name, SparseAutoencoder dictionary, ProbedRows train, ProbedRows heldOut, int[] latents, int[] rising, int[] neurons, ProbingOptions options, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var probes = ClassProbes.Fit(label, train, heldOut, train.Codes(latents, cancellation), heldOut.Codes(latents, cancellation), neurons, options);
        int[] main = [.. latents.Take(Main(probes.Latents, options.Sparsities)).Intersect(rising)];
        var absorption = new Absorption(dictionary.DecoderDirections, probes.Dense, main);
        heldOut.Codes(
            (first, codes) =>
            {
                long[] members = [.. Enumerable.Range(0, (int)codes.shape[0]).Where(row => heldOut.Labels[first + row] == label).Select(row => (long)row)];
                if (members.Length > 0)
                {
                    var places = tensor(members);
                    absorption.Add(codes.index_select(0, places), probes.Dense.Predict(heldOut.Activations.narrow(0, first, codes.shape[0]).index_select(0, places)));
                }
            },
            null,
            cancellation);
        var result = new ProbedClass(
            name, train.Labels.Count(other => other == label), heldOut.Labels.Count(other => other == label), probes.DenseScore, probes.Latents, main,
            absorption.Recall, absorption.Missed, absorption.Absorbed, absorption.Latents);
        return (result, probes.Neurons);
    }

    /// <summary>How many latents are the class's: as many as go on adding to F1.</summary>
    private static int Main(ProbeScore[] scores, IReadOnlyList<int> sparsities)
    {
        var chosen = 0;
        for (var i = 1; i < scores.Length && scores[i].F1 - scores[chosen].F1 >= LeastGain; i++)
        {
            chosen = i;
        }

        return sparsities[chosen];
    }

    private static ProbeScore Mean(IEnumerable<ProbeScore> scores)
    {
        var all = scores.ToArray();
        return new ProbeScore(all.Average(score => score.Accuracy), all.Average(score => score.F1));
    }

    private static double MeanOf(IEnumerable<double> values) => values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
}
