using Interp.Analysis.Activations;
using Interp.Analysis.Atoms.Evaluation;
using Interp.Analysis.Atoms.Geometry;
using Interp.Analysis.Atoms.Training;
using Interp.Compute;
using Interp.Compute.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Atoms.Stability;

/// <summary>Looks for the directions of one dictionary among those of others.</summary>
public static class StabilityAnalysis
{
    /// <summary>The line of the catalogue.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<StabilityInput, StabilityOptions, StabilityResult>(
        "atoms-stability",
        "Stability of a dictionary",
        "Which directions other seeds find too: greatest and matched cosines between dictionaries, beside random directions.",
        SourceKinds.Dictionary | SourceKinds.Activations,
        (sources, _) => StabilityInput.Open(sources),
        Run,
        StabilityFigures.Draw);

    /// <summary>Compares a dictionary with others.</summary>
    /// <param name="input">The dictionary and, optionally, activations.</param>
    /// <param name="options">The others.</param>
    /// <param name="progress">Receives the comparisons done.</param>
    /// <param name="cancellation">Stops between pieces of rows and tiles of cosines.</param>
    /// <exception cref="InterpException">There is nothing to compare with, or widths differ.</exception>
    public static StabilityResult Run(StabilityInput input, StabilityOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        OptionsSchema.Validate(options);
        if (options.Others.Count == 0)
        {
            throw new InterpException("there is nothing to compare with: name other dictionaries with --others");
        }

        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var moment = input.Activations is null ? null : new MomentHolder();
        var own = Directions(input.Dictionary, input, options, moment, cancellation);
        var rows = new List<StabilityRow>();
        var sums = new double[own.Latents.Length];
        var warnings = new List<string>();
        for (var i = 0; i < options.Others.Count; i++)
        {
            using var inner = NewDisposeScope();
            var name = options.Others[i];
            var other = Directions(name, input, options, null, cancellation);
            if (other.Rows.shape[1] != own.Rows.shape[1])
            {
                throw new InterpException($"{name}: its directions are {other.Rows.shape[1]} wide but those of {input.Dictionary} {own.Rows.shape[1]}: compare dictionaries of one place in one model");
            }

            var maxima = Compare(name, own.Rows, other.Rows, moment?.Metric, options.Seed + i, rows, cancellation);
            for (var latent = 0; latent < sums.Length; latent++)
            {
                sums[latent] += maxima[latent] / options.Others.Count;
            }

            progress?.Report(new StepProgress("compare dictionaries", i + 1, options.Others.Count, "dictionaries"));
        }

        if (input.Activations is null)
        {
            warnings.Add("without activations all latents count, those that never fire too, whose directions nothing has shaped");
        }

        return new StabilityResult
        {
            MeanMaximum = Mean(rows, "dictionary"),
            RandomMeanMaximum = Mean(rows, "random"),
            RandomEstimate = Math.Min(1, Math.Sqrt(2 * Math.Log(Math.Max(2, rows[0].OtherLatents)) / own.Rows.shape[1])),
            Rows = rows,
            Latents = [.. own.Latents.Zip(sums, (latent, cosine) => new LatentStability(latent, cosine)).OrderByDescending(entry => entry.MeanMaximum)],
            OutputWidth = (int)own.Rows.shape[1],
            Warnings = warnings,
        };
    }

    private static double Mean(List<StabilityRow> rows, string directions) =>
        rows.Where(row => row.Directions == directions && row.Metric == "euclidean").Average(row => row.MeanMaximum);

    /// <summary>Adds the rows of one other dictionary.</summary>
    /// <returns>The greatest cosine of each own direction, Euclidean.</returns>
    private static double[] Compare(string name, Tensor own, Tensor other, AtomicMetric? metric, long seed, List<StabilityRow> rows, CancellationToken cancellation)
    {
        var random = LearnerWeights.Directions((int)own.shape[0], (int)own.shape[1], seed, TorchSharp.torch.CPU, "stability control");
        double[]? first = null;
        foreach (var (kind, whiten) in new (string, AtomicMetric?)[] { ("euclidean", null), ("atomic", metric) }.Where(entry => entry.Item1 == "euclidean" || entry.Item2 is not null))
        {
            foreach (var (directions, what) in new[] { (own, "dictionary"), (random, "random") })
            {
                var found = DirectionMatch.Of(Unit(directions, whiten), Unit(other, whiten), cancellation);
                first ??= found.Maxima;
                rows.Add(new StabilityRow(
                    name, kind, what, found.Maxima.Length, (int)other.shape[0], found.Maxima.Average(), found.MeanBack, found.Matched,
                    found.Maxima.Count(cosine => cosine >= 0.7) / (double)found.Maxima.Length, found.Maxima.Count(cosine => cosine >= 0.9) / (double)found.Maxima.Length, found.Mutual));
            }
        }

        return first!;
    }

    private static Tensor Unit(Tensor rows, AtomicMetric? metric)
    {
        var placed = metric?.Whiten(rows) ?? rows;
        return placed / placed.norm(1, keepdim: true).clamp_min(1e-12);
    }

    /// <summary>The (living) latents of a dictionary and their directions, in the caller's scope.</summary>
    private static (int[] Latents, Tensor Rows) Directions(string folder, StabilityInput input, StabilityOptions options, MomentHolder? moment, CancellationToken cancellation)
    {
        if (input.Activations is null)
        {
            using var alone = SparseAutoencoder.Load(folder);
            return ([.. Enumerable.Range(0, alone.Width)], alone.DecoderDirections.to(ScalarType.Float32, copy: true));
        }

        using var opened = AtomsEvalInput.Open(folder, input.Activations, null, options.Hook);
        using var own = new SecondMoment(opened.Store.Width);
        var pass = new RowPass(opened.Dictionary, own, options.Seed);
        pass.Run(opened.Store, Some(opened.Store, options), "rows", null, cancellation);
        moment?.Take(own);
        int[] alive = [.. pass.Metrics.Firings.Index().Where(entry => entry.Item > 0).Select(entry => entry.Index)];
        return alive.Length == 0
            ? throw new InterpException($"{folder}: none of its latents fires on {input.Activations}; give the activations that it reads")
            : (alive, opened.Dictionary.DecoderDirections.index_select(0, tensor(alive.Select(latent => (long)latent).ToArray())).to(ScalarType.Float32));
    }

    private static long[] Some(ActivationStore store, StabilityOptions options)
    {
        var count = Math.Min(store.Rows, options.Rows);
        var order = new RowPermutation(store.Rows, options.Seed, "stability rows");
        var rows = new long[count];
        for (var i = 0; i < count; i++)
        {
            rows[i] = order[i];
        }

        Array.Sort(rows);
        return rows;
    }

    /// <summary>The metric of the activations, made on the first pass over them.</summary>
    private sealed class MomentHolder : IDisposable
    {
        public AtomicMetric? Metric { get; private set; }

        public void Take(SecondMoment moment)
        {
            if (Metric is null && moment.Count >= moment.Width)
            {
                Metric = AtomicMetric.Create(moment.Matrix(MetricCentring.None), AtomicMetric.RidgeFor(moment.Count, moment.Width));
            }
        }

        public void Dispose() => Metric?.Dispose();
    }
}
