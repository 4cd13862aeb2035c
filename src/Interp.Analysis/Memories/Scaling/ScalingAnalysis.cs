using Interp.Compute;
using Interp.Compute.Statistics;
using static TorchSharp.torch;

namespace Interp.Analysis.Memories.Scaling;

/// <summary>The scaling-law experiment of associative memories. Source: arXiv 2310.02984 (Cabannes, Dohmatob, Bietti).</summary>
public static class ScalingAnalysis
{
    private const int SlopeSamples = 100;
    private static readonly int[] s_samples = [10, 100, 1000, 10_000, 100_000];

    /// <summary>The catalogue's line.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<ScalingOptions, ScalingOptions, ScalingResult>(
        "memories-scaling",
        "Scaling laws of associative memories",
        "Stores keys by several schemes in random memories and compares their errors with the laws and a finite-size prediction.",
        SourceKinds.None,
        (_, options) => options,
        (options, _, progress, cancellation) => Run(options, progress, cancellation),
        ScalingFigures.Draw);

    /// <summary>Runs the experiment; a trial costs about N·d·(d + 2M).</summary>
    /// <param name="options">The sizes.</param>
    /// <param name="progress">Receives the widths done.</param>
    /// <param name="cancellation">Stops between trials.</param>
    public static ScalingResult Run(ScalingOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var probabilities = Zipf(options.Keys, options.Alpha);
        int[] targets = [.. Enumerable.Range(0, options.Keys).Select(key => key % options.Values)];
        var schemes = Enum.GetValues<StorageScheme>();
        var points = schemes.ToDictionary(scheme => scheme, _ => new List<ScalingPoint>());
        foreach (var (dimension, number) in options.Dimensions.Order().Select((dimension, number) => (dimension, number)))
        {
            var errors = schemes.ToDictionary(scheme => scheme, _ => new List<double>());
            for (var trial = 0; trial < options.Trials; trial++)
            {
                using var scope = NewDisposeScope();
                var (keys, values) = HebbianMemory.Embeddings(options.Keys, options.Values, dimension, Seed(options, dimension, trial));
                foreach (var scheme in schemes)
                {
                    var scores = HebbianMemory.Recall(keys, values, targets, Weights(scheme, probabilities, dimension), cancellation);
                    errors[scheme].Add(1 - scores.Recall(1, probabilities));
                }
            }

            foreach (var scheme in schemes)
            {
                points[scheme].Add(new ScalingPoint(
                    dimension, errors[scheme].Average(), StandardError(errors[scheme]),
                    StoragePrediction.Error(Weights(scheme, probabilities, dimension), targets, probabilities, dimension)));
            }

            progress?.Report(new StepProgress("store and recall", number + 1, options.Dimensions.Count, "widths"));
        }

        var unseen = s_samples.Select(samples => UnseenMass(options.InfiniteKeys, options.Alpha, samples)).ToArray();
        return new ScalingResult
        {
            Alpha = options.Alpha,
            Keys = options.Keys,
            Values = options.Values,
            Trials = options.Trials,
            Curves = [.. schemes.Select(scheme => new ScalingCurve(scheme, points[scheme], Slope(points[scheme], options.SlopeFrom), Law(scheme, options.Alpha)))],
            Samples = s_samples,
            UnseenMass = unseen,
            UnseenSlope = LineFit.Of(
                [.. s_samples.Where(samples => samples >= SlopeSamples).Select(samples => Math.Log(samples))],
                [.. unseen.Where((_, place) => s_samples[place] >= SlopeSamples).Select(value => Math.Log(value))]),
        };
    }

    /// <summary>p(x) ∝ (x + 1)^(−α), x from 0.</summary>
    internal static double[] Zipf(int keys, double alpha)
    {
        double[] weights = [.. Enumerable.Range(1, keys).Select(rank => Math.Pow(rank, -alpha))];
        var total = weights.Sum();
        return [.. weights.Select(weight => weight / total)];
    }

    /// <summary>q of each key.</summary>
    internal static double[] Weights(StorageScheme scheme, double[] probabilities, int dimension) => scheme switch
    {
        StorageScheme.Proportional => probabilities,
        StorageScheme.SquareRoot => [.. probabilities.Select(Math.Sqrt)],
        StorageScheme.LeadingEighth => [.. probabilities.Select((_, rank) => rank < Math.Max(dimension / 8, 1) ? 1.0 : 0)],
        StorageScheme.Leading => [.. probabilities.Select((_, rank) => rank < dimension ? 1.0 : 0)],
        _ => [.. probabilities.Select(_ => 1.0)],
    };

    /// <summary>Σ p (1 − p)ᵀ: the mass of keys that T samples have not shown.</summary>
    internal static double UnseenMass(int keys, double alpha, int samples) => Zipf(keys, alpha).Sum(p => p * Math.Exp(samples * Math.Log(1 - p)));

    private static double? Law(StorageScheme scheme, double alpha) => scheme switch
    {
        StorageScheme.Proportional => -(alpha - 1) / (2 * alpha),
        StorageScheme.SquareRoot => -(alpha - 1) / alpha,
        StorageScheme.LeadingEighth => -alpha + 1,
        _ => null,
    };

    private static LineFit? Slope(IEnumerable<ScalingPoint> points, int from)
    {
        var used = points.Where(point => point.Dimension >= from && point.Error > 0).ToArray();
        return LineFit.Of([.. used.Select(point => Math.Log(point.Dimension))], [.. used.Select(point => Math.Log(point.Error))]);
    }

    private static double? StandardError(List<double> values)
    {
        var mean = values.Average();
        return values.Count < 2 ? null : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1) / values.Count);
    }

    private static long Seed(ScalingOptions options, int dimension, int trial) =>
        (long)(SplitMix64.ForStream(options.Seed, $"width {dimension}, trial {trial}").NextUInt64() >> 1);
}
