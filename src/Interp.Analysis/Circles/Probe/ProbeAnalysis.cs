using Interp.Analysis.Circles.Helix;
using Interp.Analysis.Circles.Tasks;
using Interp.Compute;
using Interp.Compute.Statistics;
using Interp.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Probe;

/// <summary>Reads circles of labels from the residual stream by linear probes, and proves by intervention whether the model uses them.</summary>
public static class ProbeAnalysis
{
    /// <summary>The held-out share from which a harmonic belongs to the circles that are moved.</summary>
    private const double CleanCircle = 0.9;

    private const int FewComponents = 5;
    private const int ManyComponents = 20;

    /// <summary>The numbers that sector maps count besides the asked one.</summary>
    private static readonly int[] s_sectorNumbers = [2, 3, 4, 5];

    /// <summary>What is measured with the first circle alone where there are several.</summary>
    private static readonly InterventionKind[] s_firstAlone =
        [InterventionKind.PatchCircle, InterventionKind.PatchCircleKeepRest, InterventionKind.PatchAllButCircle, InterventionKind.AverageAblate, InterventionKind.ZeroCircle];

    /// <summary>The catalogue's line.</summary>
    public static AnalysisEntry Entry { get; } = AnalysisEntry.Create<AnalysisSources, ProbeOptions, ProbeResult>(
        "circles-probe",
        "Circle probes and interventions",
        "Asks for sums of weekdays, months or residues, reads the labels' circle from each layer, and moves it to see whether the answers follow.",
        SourceKinds.Model,
        (sources, _) => sources.Model is not null
            ? sources
            : throw new InterpException("circles-probe needs a model: name one, calendar for example"),
        (sources, options, progress, cancellation) => Run(sources.Model!, options, progress, cancellation),
        ProbeFigures.Draw);

    /// <summary>Probes a model.</summary>
    /// <param name="model">The model; stays the caller's.</param>
    /// <param name="options">What to look for.</param>
    /// <param name="progress">Receives layers and interventions.</param>
    /// <param name="cancellation">Stops between two runs of the model.</param>
    /// <exception cref="InterpException">The model cannot be asked the task, or an option does not fit it.</exception>
    /// <remarks>Cost: one run of all prompts; with interventions about five runs of all pairs for each layer and 8000 prompts for the sectors.</remarks>
    public static ProbeResult Run(LanguageModel model, ProbeOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var layers = Layers(model, options);
        if (options.Task == TaskKind.Numbers)
        {
            var (numbers, streams) = NumberStates.Read(model, options.LargestNumber, layers, cancellation);
            return new ProbeResult
            {
                Model = model.Name,
                Task = options.Task,
                Problems = numbers.Length,
                Helices = [.. layers.SelectMany((layer, i) => Helices(streams[i], numbers, layer, options.Seed, cancellation))],
            };
        }

        var task = CyclicTask.Create(options.Task, model, options.Problems, options.Seed);
        var runner = new TaskRunner(model, task);
        using var states = runner.Read(cancellation);
        CheckFinite(states, model);
        var result = Probe(runner, states, options, layers, progress, cancellation);
        return options.Intervene ? Intervene(result, runner, states, options, layers, progress, cancellation) : result;
    }

    private static IEnumerable<HelixMeasure> Helices(Tensor activations, int[] numbers, int layer, long seed, CancellationToken cancellation)
    {
        const int Fewest = 16;
        return numbers.Length >= Fewest
            ? HelixAnalysis.Fit(activations, numbers, new HelixOptions { Seed = seed }, cancellation: cancellation).Fits
                .Select(fit => new HelixMeasure(layer, fit.Name, fit.Rank, fit.R2, fit.HeldOutR2))
            : throw new InterpException($"only {numbers.Length} numbers are single places of the vocabulary: a helix fit needs at least {Fewest}");
    }

    private static ProbeResult Probe(
        TaskRunner runner, TaskStates states, ProbeOptions options, int[] layers, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var task = runner.Task;
        int[] alpha = [.. task.Problems.Select(problem => problem.Alpha)], beta = [.. task.Problems.Select(problem => problem.Beta)];
        int[] gamma = [.. task.Problems.Select(task.Answer)];
        var targets = new CircleTargets(task.Period, [.. Enumerable.Range(1, task.Period / 2)]);
        var (few, many) = (ComponentsAt(options, task, TaskPosition.Alpha), ComponentsAt(options, task, TaskPosition.Last));
        (string Position, Tensor[] Streams, string Label, int[] Labels, int[] Others, int Components)[] places =
        [
            ("alpha", [.. states.Alpha], "alpha", alpha, beta, few),
            ("last", [.. states.Last], "alpha", alpha, beta, many),
            ("last", [.. states.Last], "beta", beta, alpha, many),
            ("last", [.. states.Last], "gamma", gamma, alpha, many),
        ];
        var probes = new List<ProbeMeasure>();
        foreach (var layer in layers)
        {
            foreach (var place in places.Where(place => IsConstant(place.Streams[layer]) == false))
            {
                cancellation.ThrowIfCancellationRequested();
                using var fits = new ProbeFits(place.Streams[layer], targets, place.Labels, place.Others, place.Components, cancellation);
                probes.AddRange(targets.Harmonics.Select(harmonic => fits.Measure(
                    layer, place.Position, place.Label, harmonic, options.NullDraws, SplitMix64.ForStream(options.Seed, $"null {layer} {place.Position} {place.Label} {harmonic}"))));
            }

            progress?.Report(new StepProgress("probe", probes.Count, probes.Count, $"probes up to layer {layer}"));
        }

        var answers = states.Logits.argmax(1).data<long>().ToArray();
        var isRight = answers.Zip(gamma, (answer, right) => answer == right).ToArray();
        var first = layers.Min();
        var harmonics = Harmonics(options, task, [.. probes.Where(probe => probe.Layer == first && probe.Position == "alpha")]);
        return new ProbeResult
        {
            Model = runner.Model.Name,
            Task = task.Kind,
            Period = task.Period,
            Labels = [.. task.Labels],
            Problems = task.Problems.Count,
            Correct = isRight.Count(right => right),
            Accuracy = isRight.Average(right => right ? 1.0 : 0),
            HeldOutAccuracy = HeldOutSums.Accuracy(runner.Model, task, isRight),
            AnswerForm = task.AnswerForm,
            Answers = Table(task, answers),
            Harmonics = harmonics,
            Components = few,
            Probes = [.. probes],
            Points = [.. layers.Select(layer => Points(states.Alpha[layer], task, alpha, harmonics[0], few, layer)).OfType<ProbePoints>()],
        };
    }

    private static ProbeResult Intervene(
        ProbeResult result,
        TaskRunner runner,
        TaskStates states,
        ProbeOptions options,
        int[] layers,
        IProgress<StepProgress>? progress,
        CancellationToken cancellation)
    {
        var changed = layers.Where(layer => layer < runner.Model.Config.LayerCount).ToArray();
        if (changed.Length == 0)
        {
            throw new InterpException($"nothing comes after layer {layers[0]}: choose --layer 0 to {runner.Model.Config.LayerCount - 1} to intervene");
        }

        var position = options.Site == InterventionSite.Alpha ? TaskPosition.Alpha : TaskPosition.Last;
        var components = ComponentsAt(options, runner.Task, position);
        InterventionRun Of(int[] harmonics) => new(runner, states, new CircleTargets(runner.Task.Period, harmonics), options, components);
        if (Of([1]).Pairs == 0)
        {
            throw new InterpException("no pair of a prompt and a donor is among the sums: raise --problems");
        }

        var site = options.Site == InterventionSite.Alpha ? ("alpha", "alpha") : ("last", "gamma");
        var read = changed.ToDictionary(layer => layer, layer => Harmonics(
            options, runner.Task, [.. result.Probes.Where(probe => probe.Layer == layer && (probe.Position, probe.Label) == site)]));
        var measures = new List<InterventionMeasure>();
        foreach (var layer in changed)
        {
            measures.AddRange(Of(read[layer]).Run(layer, Enum.GetValues<InterventionKind>(), progress, cancellation));
            if (read[layer].Length > 1)
            {
                measures.AddRange(Of([read[layer][0]]).Run(layer, s_firstAlone, progress, cancellation));
            }
        }

        InterventionMeasure Best(InterventionKind kind, Func<InterventionMeasure, bool> isWanted) =>
            measures.Where(measure => measure.Kind == kind && isWanted(measure)).MaxBy(measure => measure.FlipRate)!;
        var best = Best(InterventionKind.PatchCircle, measure => measure.Harmonics.Length == read[measure.Layer].Length).Layer;
        var targets = new CircleTargets(runner.Task.Period, read[best]);
        using var probe = Of(read[best]).Probe(best);
        var isText = runner.Task.Kind != TaskKind.ModularAddition;
        return result with
        {
            BestLayer = best,
            Harmonics = read[best],
            PatchCircleFlipRate = Best(InterventionKind.PatchCircle, measure => measure.Layer == best).FlipRate,
            FirstCircleFlipRate = Best(InterventionKind.PatchCircle, measure => measure.Harmonics.Length == 1).FlipRate,
            AverageAblateFlipRate = Best(InterventionKind.AverageAblate, measure => measure.Layer == best).FlipRate,
            Interventions = [.. measures],
            Sectors = options.Site == InterventionSite.Alpha
                ? [.. s_sectorNumbers.Prepend(options.SectorNumber).Distinct().Select(beta => SectorSweep.Run(runner, probe, targets, best, beta, cancellation)).OfType<SectorMap>()]
                : [],
            Continuity = isText ? [.. ContinuityProbe.Run(runner.Model, runner.Task.Kind, layers, FewComponents, cancellation)] : [],
            PatchingMaps = [.. PatchingMaps.Run(runner.Model, runner.Task, options.Seed, progress, cancellation)],
        };
    }

    private static int[] Layers(LanguageModel model, ProbeOptions options)
    {
        var count = model.Config.LayerCount;
        return options.Layer is not { } layer ? [.. Enumerable.Range(0, count + 1)]
            : layer <= count ? [layer]
            : throw new InterpException($"{model.Name} has {count} layers: choose --layer 0 to {count}, where {count} is the stream after the last");
    }

    private static int ComponentsAt(ProbeOptions options, CyclicTask task, TaskPosition position) => options.Components > 0 ? options.Components
        : task.Kind == TaskKind.ModularAddition || position == TaskPosition.Last ? ManyComponents : FewComponents;

    // A model may keep a label on several circles at once; the order of days or months is the first.
    private static int[] Harmonics(ProbeOptions options, CyclicTask task, IReadOnlyList<ProbeMeasure> probes)
    {
        if (options.Harmonics.Count > 0)
        {
            var wrong = options.Harmonics.Where(harmonic => 2 * harmonic > task.Period).ToArray();
            return wrong.Length == 0 ? [.. options.Harmonics.Distinct()]
                : throw new InterpException($"the harmonic {wrong[0]} is beyond p/2 = {task.Period / 2}: choose from 1 to {task.Period / 2}");
        }

        int[] clean = [.. probes.Where(probe => probe.HeldOutPromptR2 >= CleanCircle).Select(probe => probe.Harmonic)];
        return clean.Length > 0 ? clean : [probes.Count > 0 ? probes.MaxBy(probe => probe.HeldOutPromptR2)!.Harmonic : 1];
    }

    private static ProbePoints? Points(Tensor stream, CyclicTask task, int[] labels, int harmonic, int components, int layer)
    {
        var targets = new CircleTargets(task.Period, [harmonic]);
        if (!targets.HasSine(harmonic))
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var probe = CircleReadout.Fit(stream, targets.Of(labels), components);
        var read = probe.Read(stream);
        return new ProbePoints(layer, read.select(1, 0).data<double>().ToArray(), read.select(1, 1).data<double>().ToArray(), labels);
    }

    private static int[][] Table(CyclicTask task, long[] answers)
    {
        var first = task.Kind == TaskKind.ModularAddition ? 0 : 1;
        var table = Enumerable.Range(0, task.Period).Select(_ => Enumerable.Repeat(-1, task.Period).ToArray()).ToArray();
        for (var i = 0; i < answers.Length; i++)
        {
            var problem = task.Problems[i];
            table[problem.Alpha][(problem.Beta - first + task.Period) % task.Period] = (int)answers[i];
        }

        return table;
    }

    private static bool IsConstant(Tensor stream)
    {
        using var scope = NewDisposeScope();
        return (stream - stream[0]).abs().max().ToDouble() <= 1e-12 * Math.Max(1, stream.abs().max().ToDouble());
    }

    private static void CheckFinite(TaskStates states, LanguageModel model)
    {
        using var scope = NewDisposeScope();
        if (!states.Logits.isfinite().all().ToBoolean() || !states.Last[^1].isfinite().all().ToBoolean())
        {
            throw new InterpException($"the activations of {model.Name} are not finite: load it with --dtype float32");
        }
    }
}
