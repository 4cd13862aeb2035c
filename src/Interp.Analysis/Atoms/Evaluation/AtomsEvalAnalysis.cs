using Interp.Analysis.Activations;
using Interp.Analysis.Atoms.Geometry;
using Interp.Compute;
using Interp.Compute.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Evaluation;

/// <summary>Measures a dictionary: reconstruction on rows seen and unseen, sparsity, the model's loss with it in place, and its geometry beside controls.</summary>
public static class AtomsEvalAnalysis
{
    /// <summary>The line of the catalogue.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<AtomsEvalInput, AtomsEvalOptions, AtomsEvalResult>(
        "atoms-eval",
        "Dictionary under test",
        "How well a dictionary reconstructs rows it never saw, what the model loses with it in place, and how near its directions come to a unique code.",
        SourceKinds.Dictionary | SourceKinds.Activations | SourceKinds.Model | SourceKinds.Text,
        AtomsEvalInput.Open,
        Run,
        AtomsEvalFigures.Draw);

    /// <summary>Measures a dictionary. Deterministic for the seed.</summary>
    /// <param name="input">Dictionary, activations and, for the loss, the model.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Receives pieces of rows, then the loss's batches.</param>
    /// <param name="cancellation">Stops between pieces.</param>
    /// <exception cref="InterpException">The input does not fit.</exception>
    public static AtomsEvalResult Run(AtomsEvalInput input, AtomsEvalOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        OptionsSchema.Validate(options);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (dictionary, store) = (input.Dictionary, input.Store);
        if (store.Rows == 0)
        {
            throw new InterpException($"{store.Folder}: holds no rows; capture some tokens");
        }

        var record = dictionary.Info.Training is { } own && own.Fingerprint == store.Fingerprint ? own : null;
        var split = HeldOutSplit.Create(store, record?.HeldOutFraction ?? options.HeldOutFraction, record?.Seed ?? options.Seed, cancellation);
        using var moment = new SecondMoment(store.Width);
        var train = new RowPass(input.Placed, moment, options.Seed);
        var heldOut = new RowPass(input.Placed, moment, options.Seed);
        train.Run(store, Some(split.Train, options), "training rows", progress, cancellation);
        heldOut.Run(store, Some(split.HeldOut, options), "held-out rows", progress, cancellation);
        var losses = input.Model is { } model && SplicedLoss.WhyNot(store) is null
            ? new SplicedLoss(model, input.Placed, store).Measure(split, options.LossTokens, progress, cancellation)
            : null;
        var some = Some(split.HeldOut.Length > 0 ? split.HeldOut : split.Train, options);
        return Result(input, options, record is not null, some, train, heldOut, moment, losses, cancellation);
    }

    private static long[] Some(long[] rows, AtomsEvalOptions options)
    {
        if (rows.LongLength <= options.Rows)
        {
            return rows;
        }

        var order = new RowPermutation(rows.LongLength, options.Seed, "evaluated rows");
        var chosen = new long[options.Rows];
        for (var i = 0; i < chosen.Length; i++)
        {
            chosen[i] = rows[order[i]];
        }

        Array.Sort(chosen);
        return chosen;
    }

    private static AtomsEvalResult Result(
        AtomsEvalInput input, AtomsEvalOptions options, bool isOwn, long[] some, RowPass train, RowPass heldOut, SecondMoment moment, SplicedLosses? losses, CancellationToken cancellation)
    {
        var dictionary = input.Dictionary;
        var (seen, unseen) = (train.Metrics, heldOut.Metrics.Rows > 0 ? heldOut.Metrics : train.Metrics);
        long[] alive = [.. seen.Firings.Index().Where(entry => entry.Item > 0).Select(entry => (long)entry.Index)];
        using var geometry = new DictionaryGeometry(dictionary, moment, seen.L0Shares(), alive, options, cancellation);
        return new AtomsEvalResult
        {
            HeldOutExplainedVariance = isOwn && heldOut.Metrics.Rows == 0 ? double.NaN : unseen.ExplainedVariance,
            ExplainedVariance = seen.ExplainedVariance,
            SingleSampleFraction = seen.SingleSampleFraction,
            RowsPerLatent = (double)seen.Rows / dictionary.Width,
            Split = isOwn ? "dictionary" : "options",
            L0 = seen.L0,
            HeldOutL0 = unseen.L0,
            L0Quantiles = new L0Quantiles(seen.L0Quantile(0.5), seen.L0Quantile(0.9), seen.L0Quantile(0.99), seen.L0Quantile(1)),
            L1 = unseen.L1,
            Cosine = unseen.Cosine,
            LengthRatio = unseen.LengthRatio,
            RelativeBias = unseen.RelativeBias,
            ShuffledCodesExplainedVariance = (heldOut.Metrics.Rows > 0 ? heldOut : train).Shuffled.ExplainedVariance,
            AliveFraction = seen.AliveFraction,
            TrainingRows = seen.Rows,
            HeldOutRows = heldOut.Metrics.Rows,
            CrossEntropy = losses,
            Coherence = geometry.Coherence(),
            Uniqueness = geometry.Uniqueness(seen.L0Quantile(1)),
            Controls = geometry.Controls(),
            Metric = geometry.Metric,
            Angles = geometry.Angles(input.Store),
            EncoderDecoder = geometry.Alignment(),
            Windows = geometry.Windows(input.Store, some, seen.L0Quantile),
            Refit = SupportMeasures.Refit(dictionary, input.Store, some, geometry.LargestSparsity, cancellation),
            Curve = geometry.Curve(seen.L0Quantile),
            Density = DensityHistogram.Create(seen.Firings, seen.Rows),
            NearestDirections = CosineHistogram.Create(dictionary.DecoderDirections, alive, cancellation),
            Width = dictionary.Width,
            InputWidth = dictionary.InputWidth,
            Hook = input.Store.Hook,
            Warnings = [.. Warnings(input, isOwn, moment, seen)],
        };
    }

    private static IEnumerable<string> Warnings(AtomsEvalInput input, bool isOwn, SecondMoment moment, DictionaryMetrics seen)
    {
        var (dictionary, store) = (input.Dictionary, input.Store);
        if (!isOwn)
        {
            yield return "the dictionary was not trained on these activations, or does not say so: both parts of the rows count as unseen";
        }

        if (dictionary.HookName is { } hook && hook != store.Hook)
        {
            yield return $"the dictionary was trained at {hook}, the activations are of {store.Hook}";
        }

        if (input.Model is not null && SplicedLoss.WhyNot(store) is { } why)
        {
            yield return why;
        }

        if (moment.Count < moment.Width)
        {
            yield return $"{moment.Count} rows do not fix an inner product in {moment.Width} dimensions: atomic numbers are left out";
        }

        if (dictionary.Thresholds is { } thresholds && thresholds.min().item<float>() < 0)
        {
            yield return "some thresholds are negative: codes are rectified before the threshold, as SAELens reads them";
        }

        if (seen.Rows < dictionary.Width)
        {
            yield return $"{seen.Rows} rows for {dictionary.Width} latents: a dictionary of one latent a row would do as well";
        }
    }
}
