using System.Text.Json;
using Interp.Analysis.Activations;
using Interp.Compute;
using Interp.Compute.Devices;
using Interp.Compute.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>
/// Trains sparse autoencoders or transcoders on stored activations, one or a grid of them side by side, and writes them, in SAELens's layout,
/// into the output folder.
/// </summary>
public static class AtomsAnalysis
{
    internal const string MetricsFile = "metrics.json";

    /// <summary>The rows that go through a trained dictionary at once.</summary>
    internal const int MeasuredRows = 4096;

    private const int ComparedRows = 64;
    private const double ReloadTolerance = 1e-5;

    /// <summary>The line of the catalogue.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<AtomsInput, AtomsOptions, AtomsResult>(
        "atoms",
        "Dictionary of atoms",
        "Trains sparse autoencoders on activations, so that each row is a sum of few directions, and measures them on rows they never saw.",
        SourceKinds.Activations | SourceKinds.Model | SourceKinds.Text,
        AtomsInput.Open,
        Run,
        AtomsFigures.Draw);

    /// <summary>Trains on a folder of activations, or captures a model's first.</summary>
    /// <inheritdoc cref="Run(ActivationStore, string, AtomsOptions, IProgress{StepProgress}?, CancellationToken)"/>
    public static AtomsResult Run(AtomsInput input, AtomsOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        using var store = input.OpenStore(options, progress, cancellation);
        return Run(store, input.OutputFolder, options, options.Live && input.Model is not null ? input : null, input.Place, progress, cancellation);
    }

    /// <summary>Trains, measures and saves the dictionaries.</summary>
    /// <param name="store">The activations; the caller keeps owning them.</param>
    /// <param name="outputFolder">Receives <c>cfg.json</c> and <c>sae_weights.safetensors</c>, in a folder for each where there are several, and the saved states on the way there unless the options name another folder.</param>
    /// <param name="options">How to train; where lists have several values, all combinations are trained on the same rows.</param>
    /// <param name="progress">Receives every step with its loss.</param>
    /// <param name="cancellation">Stops before the next step; the last saved states stay.</param>
    /// <returns>What the (first) dictionary does, and a row for each of several. The same store, options and device give the same numbers, interrupted or not, alone or in company.</returns>
    /// <exception cref="InterpException">The activations or the saved state do not fit.</exception>
    public static AtomsResult Run(
        ActivationStore store, string outputFolder, AtomsOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default) =>
        Run(store, outputFolder, options, live: null, CPU, progress, cancellation);

    private static AtomsResult Run(
        ActivationStore store, string outputFolder, AtomsOptions options, AtomsInput? live, Device device, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        OptionsSchema.Validate(options);
        if (options.Live && live is null)
        {
            throw new InterpException("--live trains on a model as it runs: give the model instead of --activations");
        }

        using var noGradient = no_grad();
        using var target = string.IsNullOrEmpty(options.TargetHook) ? null : ActivationStore.Open(store.Folder, options.TargetHook);
        // Before any row is read: a wish that cannot be met should not cost minutes.
        var wished = GridPart.Of(LearnerOptions.Grid(options, store.Width, target?.Width, Math.Max(store.Rows, 1)), options);
        GridPart.Memory(wished, device.type, store.Rows).Require(device, "ask for narrower dictionaries, a smaller --batch-size, or fewer at once with --only i/n");
        using var rows = TrainingRows.Open(store, target, options.HeldOutFraction, options.StreamSeed, device, cancellation);
        if (live is not null)
        {
            rows.StreamFrom(live.OpenStream(store, target, rows.Split, options));
        }

        var grid = LearnerOptions.Grid(options, store.Width, target?.Width, live is null ? rows.Split.Train.LongLength : long.MaxValue);
        var learners = new List<DictionaryLearner>();
        try
        {
            foreach (var point in GridPart.Of(grid, options))
            {
                learners.Add(DictionaryLearner.Create(rows, point, cancellation));
            }

            return Train(new Site(store, target, rows, outputFolder, grid.Count > 1), learners, options, progress, cancellation);
        }
        finally
        {
            learners.ForEach(learner => learner.Dispose());
        }
    }

    private static AtomsResult Train(Site site, List<DictionaryLearner> learners, AtomsOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var states = string.IsNullOrEmpty(options.StateFolder) ? site.OutputFolder : options.StateFolder;
        if (options.Resume)
        {
            learners.ForEach(learner => _ = AtomsCheckpoint.TryRestore(site.Within(states, learner), learner, site.Fingerprint));
        }

        var trainer = new AtomsTrainer(site.Rows, learners, options);
        trainer.Run(learner => AtomsCheckpoint.Save(site.Within(states, learner), learner, site.Fingerprint), progress, cancellation);
        AtomsResult? first = null;
        var rows = new List<AtomsGridRow>();
        foreach (var learner in learners)
        {
            if (trainer.Failures.TryGetValue(learner, out var failure))
            {
                rows.Add(Row(learner, null, failure));
                continue;
            }

            var result = Finish(site, learner, cancellation);
            first ??= result;
            rows.Add(Row(learner, result, null));
            AtomsCheckpoint.Delete(site.Within(states, learner));
        }

        return site.IsGrid ? first! with { Grid = rows } : first!;
    }

    /// <summary>Measures, writes and reads back.</summary>
    private static AtomsResult Finish(Site site, DictionaryLearner learner, CancellationToken cancellation)
    {
        var (store, options) = (site.Store, learner.Options);
        var folder = site.Within(site.OutputFolder, learner);
        using var dictionary = learner.ToDictionary(new DictionaryInfo
        {
            ModelName = store.Manifest.Origin.Model,
            HookName = store.Hook,
            OutputHookName = site.Target?.Hook,
            IsTranscoder = options.IsTranscoder,
            SubtractsDecoderBias = !options.IsTranscoder,
            PrependsBegin = store.Manifest.Origin.Kind is null ? null : store.Manifest.Origin.BeginToken,
            ContextLength = store.Manifest.Origin.Context > 0 ? store.Manifest.Origin.Context : null,
            Training = new TrainingRecord(options.Shared.StreamSeed, options.Shared.HeldOutFraction, store.Rows, store.Fingerprint, site.Rows.Scale),
        });
        var result = Measure(site, dictionary, learner, cancellation);
        cancellation.ThrowIfCancellationRequested();
        dictionary.Save(folder, FormatOf(dictionary));
        CheckSaved(store, folder, dictionary);
        if (site.IsGrid)
        {
            File.WriteAllText(Path.Combine(folder, MetricsFile), JsonSerializer.Serialize(result, ResultJson.Options) + "\n");
        }

        return result;
    }

    /// <summary>SAELens has no transcoders that take the greatest k; sparsify and circuit-tracer do.</summary>
    private static Formats.DictionaryFormat FormatOf(SparseAutoencoder dictionary) =>
        dictionary.Info is { IsTranscoder: true, Architecture: DictionaryArchitecture.TopK }
            ? Formats.DictionaryFormat.CircuitTracer
            : Formats.DictionaryFormat.SaeLens;

    private static AtomsGridRow Row(DictionaryLearner learner, AtomsResult? result, string? failure) => new(
        learner.Options.Name, learner.Options.Architecture, learner.Options.Width, learner.Options.TargetL0, learner.Options.Seed,
        result?.L0 ?? double.NaN, result?.HeldOutL0 ?? double.NaN, result?.ExplainedVariance ?? double.NaN, result?.HeldOutExplainedVariance ?? double.NaN, result?.AliveFraction ?? double.NaN, failure);

    private static AtomsResult Measure(Site site, SparseAutoencoder dictionary, DictionaryLearner learner, CancellationToken cancellation)
    {
        var options = learner.Options;
        var train = Metrics(site, site.Rows.Split.Train, dictionary, cancellation);
        var heldOut = Metrics(site, site.Rows.Split.HeldOut, dictionary, cancellation);
        long[] alive = [.. train.Firings.Index().Where(entry => entry.Item > 0).Select(entry => (long)entry.Index)];
        return new AtomsResult
        {
            HeldOutExplainedVariance = heldOut.ExplainedVariance,
            ExplainedVariance = train.ExplainedVariance,
            SingleSampleFraction = train.SingleSampleFraction,
            RowsPerLatent = (double)train.Rows / dictionary.Width,
            L0 = train.L0,
            HeldOutL0 = heldOut.L0,
            AliveFraction = train.AliveFraction,
            Model = dictionary.ModelName,
            Hook = site.Store.Hook,
            TargetHook = site.Target?.Hook,
            Architecture = options.Architecture,
            Width = dictionary.Width,
            InputWidth = dictionary.InputWidth,
            TrainingRows = train.Rows,
            StreamedRows = site.Rows.LiveIdentity is null ? null : (long)learner.Step * options.BatchSize,
            HeldOutRows = heldOut.Rows,
            Steps = learner.Step,
            BatchSize = options.BatchSize,
            TargetL0 = options.SteersToTarget ? options.TargetL0 : null,
            InputScale = site.Rows.Scale,
            History = [.. learner.Curve],
            Density = DensityHistogram.Create(train.Firings, train.Rows),
            NearestDirections = CosineHistogram.Create(dictionary.DecoderDirections, alive, cancellation),
        };
    }

    private static DictionaryMetrics Metrics(Site site, long[] rows, SparseAutoencoder dictionary, CancellationToken cancellation)
    {
        var metrics = new DictionaryMetrics(dictionary.Width);
        for (var first = 0; first < rows.Length; first += MeasuredRows)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var places = rows.AsSpan(first, Math.Min(MeasuredRows, rows.Length - first));
            var x = DeviceCopy.Of(site.Store.Gather(places), site.Rows.Device);
            var code = dictionary.Encode(x);
            metrics.Add(site.Target is { } target ? DeviceCopy.Of(target.Gather(places), site.Rows.Device) : x, code, dictionary.Decode(code, x));
        }

        return metrics;
    }

    /// <summary>A dictionary that does not read back as it was is worse than an error.</summary>
    private static void CheckSaved(ActivationStore store, string folder, SparseAutoencoder dictionary)
    {
        using var scope = NewDisposeScope();
        using var read = SparseAutoencoder.Load(folder);
        var x = store.Read(0, (int)Math.Min(ComparedRows, store.Rows));
        var codes = dictionary.Encode(DeviceCopy.Of(x, dictionary.EncoderWeights.device)).cpu();
        var difference = (codes - read.Encode(x)).abs().max().item<float>();
        if (difference > ReloadTolerance * Math.Max(codes.abs().max().item<float>(), 1))
        {
            throw new InterpException($"{folder}: the saved dictionary does not read back as it was trained; check the disk and train again");
        }
    }

    /// <summary>Where a run reads and writes.</summary>
    private sealed record Site(ActivationStore Store, ActivationStore? Target, TrainingRows Rows, string OutputFolder, bool IsGrid)
    {
        /// <summary>Of the rows read and, for a transcoder, written.</summary>
        public string Fingerprint => string.Join('-', new[] { Store.Fingerprint, Target?.Fingerprint, Rows.LiveIdentity }.Where(part => part is not null));

        /// <summary>A dictionary's own folder: the folder itself where there is one alone.</summary>
        public string Within(string folder, DictionaryLearner learner) => IsGrid ? Path.Combine(folder, learner.Options.Name) : folder;
    }
}
