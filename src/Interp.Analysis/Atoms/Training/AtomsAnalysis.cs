using Interp.Analysis.Activations;
using Interp.Compute;
using Interp.Compute.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Training;

/// <summary>Trains a sparse autoencoder on stored activations and writes it, in SAELens's layout, into the output folder.</summary>
public static class AtomsAnalysis
{
    private const int ComparedRows = 64;
    private const double ReloadTolerance = 1e-5;

    /// <summary>Below this many multiplications a product a second core costs more than it gives, and much more where cores are busy.</summary>
    private const long WorkForTwoCores = 1L << 26;

    /// <summary>The line of the catalogue.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<AtomsInput, AtomsOptions, AtomsResult>(
        "atoms",
        "Dictionary of atoms",
        "Trains a sparse autoencoder with thresholds on activations, so that each row is a sum of few directions, and measures it on rows it never saw.",
        SourceKinds.Activations | SourceKinds.Model | SourceKinds.Text,
        AtomsInput.Open,
        Run,
        AtomsFigures.Draw);

    /// <summary>Trains on a folder of activations, or captures a model's first.</summary>
    /// <inheritdoc cref="Run(ActivationStore, string, AtomsOptions, IProgress{StepProgress}?, CancellationToken)"/>
    public static AtomsResult Run(AtomsInput input, AtomsOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var store = input.OpenStore(options, progress, cancellation);
        return Run(store, input.OutputFolder, options, progress, cancellation);
    }

    /// <summary>Trains, measures and saves a dictionary.</summary>
    /// <param name="store">The activations; the caller keeps owning them.</param>
    /// <param name="outputFolder">Receives <c>cfg.json</c> and <c>sae_weights.safetensors</c>, and the saved states on the way there unless the options name another folder.</param>
    /// <param name="options">How to train.</param>
    /// <param name="progress">Receives every step with its loss.</param>
    /// <param name="cancellation">Stops before the next step; the last saved state stays.</param>
    /// <returns>What the dictionary does. The same store, options and device give the same numbers, interrupted or not.</returns>
    /// <exception cref="InterpException">The activations or the saved state do not fit.</exception>
    public static AtomsResult Run(
        ActivationStore store, string outputFolder, AtomsOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        OptionsSchema.Validate(options);
        using var noGradient = no_grad();
        using var rows = TrainingRows.Open(store, options.HeldOutFraction, options.Seed, cancellation);
        options = options.For(store.Width, rows.Split.Train.LongLength);
        using var threads = (long)options.BatchSize * options.Width * store.Width < WorkForTwoCores ? new OneThread() : null;
        using var trainer = new AtomsTrainer(rows, options, cancellation);
        var states = string.IsNullOrEmpty(options.StateFolder) ? outputFolder : options.StateFolder;
        if (options.Resume)
        {
            _ = AtomsCheckpoint.TryRestore(states, trainer, options, store.Fingerprint);
        }

        trainer.Run(() => AtomsCheckpoint.Save(states, trainer, options, store.Fingerprint), progress, cancellation);
        using var dictionary = trainer.ToDictionary(new DictionaryInfo
        {
            ModelName = store.Manifest.Origin.Model,
            HookName = store.Hook,
            PrependsBegin = store.Manifest.Origin.Kind is null ? null : store.Manifest.Origin.BeginToken,
            ContextLength = store.Manifest.Origin.Context > 0 ? store.Manifest.Origin.Context : null,
            Training = new TrainingRecord(options.Seed, options.HeldOutFraction, store.Rows, store.Fingerprint, rows.Scale),
        });
        var result = Measure(store, rows, dictionary, trainer, options, cancellation);
        cancellation.ThrowIfCancellationRequested();
        dictionary.Save(outputFolder);
        CheckSaved(store, outputFolder, dictionary);
        AtomsCheckpoint.Delete(states);
        return result;
    }

    private static AtomsResult Measure(
        ActivationStore store, TrainingRows rows, SparseAutoencoder dictionary, AtomsTrainer trainer, AtomsOptions options, CancellationToken cancellation)
    {
        var train = Metrics(store, rows.Split.Train, dictionary, cancellation);
        var heldOut = Metrics(store, rows.Split.HeldOut, dictionary, cancellation);
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
            Hook = store.Hook,
            Architecture = options.Architecture,
            Width = dictionary.Width,
            InputWidth = dictionary.InputWidth,
            TrainingRows = train.Rows,
            HeldOutRows = heldOut.Rows,
            Steps = trainer.Step,
            BatchSize = options.BatchSize,
            TargetL0 = options.Sparsity == SparsityTerm.TargetL0 ? options.TargetL0 : null,
            InputScale = rows.Scale,
            History = [.. trainer.Curve],
            Density = DensityHistogram.Create(train.Firings, train.Rows),
            NearestDirections = CosineHistogram.Create(dictionary.DecoderDirections, alive, cancellation),
        };
    }

    private static DictionaryMetrics Metrics(ActivationStore store, long[] rows, SparseAutoencoder dictionary, CancellationToken cancellation)
    {
        const int Piece = 4096;
        var metrics = new DictionaryMetrics(dictionary.Width);
        for (var first = 0; first < rows.Length; first += Piece)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var x = store.Gather(rows.AsSpan(first, Math.Min(Piece, rows.Length - first)));
            var code = dictionary.Encode(x);
            metrics.Add(x, code, dictionary.Decode(code, x));
        }

        return metrics;
    }

    /// <summary>A dictionary that does not read back as it was is worse than an error.</summary>
    private static void CheckSaved(ActivationStore store, string folder, SparseAutoencoder dictionary)
    {
        using var scope = NewDisposeScope();
        using var read = SparseAutoencoder.Load(folder);
        var x = store.Read(0, (int)Math.Min(ComparedRows, store.Rows));
        var codes = dictionary.Encode(x);
        var difference = (codes - read.Encode(x)).abs().max().item<float>();
        if (difference > ReloadTolerance * Math.Max(codes.abs().max().item<float>(), 1))
        {
            throw new InterpException($"{folder}: the saved dictionary does not read back as it was trained; check the disk and train again");
        }
    }
}
