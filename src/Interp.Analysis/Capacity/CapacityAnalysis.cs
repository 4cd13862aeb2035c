using Interp.Compute;
using Interp.Compute.Kernels.Cosines;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Capacity;

/// <summary>
/// How many nearly orthogonal directions a latent space can hold, judged by how far from orthogonal its token directions
/// already are: ε = mean + 2 standard deviations of the cosines of all pairs of rows, then a formula fitted to packings.
/// Source: arXiv 2606.02765 (Guha). What it does not show is in the folder's README.
/// </summary>
public static class CapacityAnalysis
{
    /// <summary>ε below this is the near-orthogonal class.</summary>
    public const double NearOrthogonalBelow = 0.1;

    private const double DenseAbove = 0.2;
    private const double ComparisonShare = 0.005;
    private const int FineBins = 8192;
    private const int PairedBins = 200;
    private const int BlockRows = 2048;

    private static readonly double[] s_shares = [0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999];

    /// <summary>The line of the catalogue.</summary>
    internal static AnalysisEntry Entry { get; } = AnalysisEntry.Create<CapacityInput, CapacityOptions, CapacityResult>(
        "capacity",
        "Representational capacity",
        "How far from orthogonal the token directions are, and how many nearly orthogonal directions that leaves room for.",
        SourceKinds.Model | SourceKinds.Tensor | SourceKinds.Dictionary,
        CapacityInput.Open,
        Run,
        CapacityFigures.Draw);

    /// <summary>Measures a matrix. Moments cost V·d², the histogram V²·d/2 multiplications.</summary>
    /// <param name="input">The rows.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Receives blocks of rows, then tiles.</param>
    /// <param name="cancellation">Stops between blocks and tiles.</param>
    /// <exception cref="InterpException">The rows are no matrix of two or more rows with a direction, or hold numbers that are not finite.</exception>
    public static CapacityResult Run(CapacityInput input, CapacityOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        if (FineBins % options.Bins != 0)
        {
            throw new InterpException($"{options.Bins} bins do not divide {FineBins}: choose a power of two from 16 to {FineBins}");
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var moments = RowCosines.Moments(input.Rows, progress, cancellation);
        var epsilon = Epsilon(moments);
        var sample = SampledRows(input.Rows, options);
        var histogram = RowCosines.Histogram(sample.Rows, new CosineOptions { Bins = FineBins, Threshold = epsilon }, progress, cancellation);
        var isNearOrthogonal = epsilon < NearOrthogonalBelow;
        var epsilonError = EpsilonError(input.Rows, moments, options, cancellation);
        var capacity = Numbers(moments.Dimension, epsilon, isNearOrthogonal);
        return new CapacityResult
        {
            Matrix = input.Name,
            Vocabulary = moments.Rows,
            ZeroRows = moments.ZeroRows,
            Dimension = moments.Dimension,
            Mean = moments.Mean,
            StandardDeviation = moments.StandardDeviation,
            Epsilon = epsilon,
            EpsilonRandom = CapacityFormulas.RandomEpsilon(moments.Dimension),
            EpsilonRatio = epsilon / CapacityFormulas.RandomEpsilon(moments.Dimension),
            EpsilonError = epsilonError,
            CentredEpsilon = CentredEpsilon(input.Rows, cancellation),
            Class = isNearOrthogonal ? CapacityClass.NearOrthogonal : CapacityClass.Dense,
            Capacity = capacity,
            LogCapacityHalfWidth = isNearOrthogonal && epsilonError is { } error
                ? CapacityFormulas.LogFourParameter(moments.Dimension, Math.Max(epsilon, 0) + (1.96 * error)) - CapacityFormulas.LogFourParameter(moments.Dimension, Math.Max(epsilon, 0))
                : null,
            Elasticity = CapacityFormulas.Elasticity(moments.Dimension, epsilon),
            Rules = Rules(moments, isNearOrthogonal),
            Headroom = capacity.Adjusted - (moments.Rows * (input.IsTied == false ? 2 : 1)),
            HistogramRows = histogram.Rows,
            Minimum = histogram.Minimum,
            Maximum = histogram.Maximum,
            ShareAbove = (double)histogram.Above / histogram.Pairs,
            ShareMagnitudeAbove = (double)histogram.MagnitudeAbove / histogram.Pairs,
            Histogram = Coarse(histogram.Counts, options.Bins),
            Quantiles = [.. s_shares.Select(share => new CosineQuantile(share, histogram.Quantile(share)))],
            NearestCounts = Counts(histogram.NearestCosine, options.Bins),
            ClosestPairs = ClosestPairs(histogram, sample.Numbers, input.TokenText, options.ClosestPairs),
            Neighbours = CapacityNeighbours.Of(input, options, cancellation),
            Paired = Paired(input),
            TokenGroups = TokenGroups.Of(input, cancellation),
            Compared = CapacityComparison.Of(options, cancellation),
            Warnings = Warnings(moments, epsilon, histogram.Rows),
        };
    }

    private static double Epsilon(CosineMoments moments, double deviations = 2) => moments.Mean + (deviations * moments.StandardDeviation);

    /// <summary>All rows with their numbers, or a seeded sample of them in ascending order.</summary>
    private static (Tensor Rows, int[]? Numbers) SampledRows(Tensor rows, CapacityOptions options)
    {
        if (rows.shape[0] <= options.HistogramRows)
        {
            return (rows, null);
        }

        var numbers = SplitMix64.ForStream(options.Seed, "sample of rows").Permutation((int)rows.shape[0])[..options.HistogramRows];
        Array.Sort(numbers);
        return (rows.index_select(0, tensor(numbers, dtype: ScalarType.Int64, device: rows.device)), numbers);
    }

    private static CapacityNumbers Numbers(int dimension, double epsilon, bool isNearOrthogonal)
    {
        // A negative mean can bring ε below zero, where the packing is orthogonal or better: the formulas take it as zero.
        var tolerated = Math.Max(epsilon, 0);
        return isNearOrthogonal
            ? new CapacityNumbers(
                CapacityFormulas.FourParameter(dimension, tolerated),
                CapacityFormulas.OneParameter(dimension, tolerated),
                CapacityFormulas.JohnsonLindenstrauss(dimension, tolerated),
                CapacityFormulas.FourParameter(dimension, tolerated * (1 - ComparisonShare)),
                CapacityFormulas.FourParameter(dimension, tolerated * (1 + ComparisonShare)))
            : new CapacityNumbers(null, null, null, null, null);
    }

    private static CapacityRule[] Rules(CosineMoments moments, bool isNearOrthogonal) =>
        [.. new[] { 1.5, 2, 3 }.Select(deviations =>
        {
            var epsilon = Epsilon(moments, deviations);
            return new CapacityRule(deviations, epsilon, isNearOrthogonal ? CapacityFormulas.FourParameter(moments.Dimension, Math.Max(epsilon, 0)) : null);
        })];

    /// <summary>√((B − 1)/B Σ (ε_b − mean)²) over ε with block b left out.</summary>
    private static double? EpsilonError(Tensor rows, CosineMoments moments, CapacityOptions options, CancellationToken cancellation)
    {
        if (moments.Rows <= options.Blocks + 1)
        {
            return null;
        }

        var epsilons = RowCosines.MomentsWithoutBlocks(rows, options.Blocks, options.Seed, cancellation).Select(moment => Epsilon(moment)).ToArray();
        var mean = epsilons.Average();
        return Math.Sqrt((options.Blocks - 1.0) / options.Blocks * epsilons.Sum(epsilon => (epsilon - mean) * (epsilon - mean)));
    }

    private static double? CentredEpsilon(Tensor rows, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var blocks = Enumerable.Range(0, (int)((rows.shape[0] + BlockRows - 1) / BlockRows))
            .Select(block => rows.detach().narrow(0, (long)block * BlockRows, Math.Min(BlockRows, rows.shape[0] - ((long)block * BlockRows)))).ToArray();
        var mean = zeros(rows.shape[1], ScalarType.Float64, rows.device);
        foreach (var block in blocks)
        {
            using var inner = NewDisposeScope();
            mean.add_(block.to(ScalarType.Float64).sum([0L]));
        }

        mean.div_(rows.shape[0]);
        var (largest, farthest) = (0.0, 0.0);
        foreach (var block in blocks)
        {
            using var inner = NewDisposeScope();
            largest = Math.Max(largest, block.abs().max().to(ScalarType.Float64).item<double>());
            farthest = Math.Max(farthest, (block.to(ScalarType.Float64) - mean).abs().max().item<double>());
        }

        // Equal rows leave nothing but rounding.
        return farthest > 1e-6 * largest ? Epsilon(RowCosines.MomentsAround(rows, mean, cancellation)) : null;
    }

    private static PairedCosines? Paired(CapacityInput input)
    {
        if (input.Partner is null)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var cosines = nn.functional.cosine_similarity(input.Rows.detach().to(ScalarType.Float32), input.Partner.detach().to(ScalarType.Float32), dim: 1).cpu().data<float>().ToArray();
        var mean = cosines.Average(cosine => (double)cosine);
        return new PairedCosines(mean, Math.Sqrt(cosines.Average(cosine => (cosine - mean) * (cosine - mean))), Counts(cosines.Select(cosine => (double)cosine), PairedBins));
    }

    private static CosineCounts Coarse(IReadOnlyList<long> fine, int bins)
    {
        var counts = new long[bins];
        for (var bin = 0; bin < fine.Count; bin++)
        {
            counts[bin * bins / fine.Count] += fine[bin];
        }

        return new CosineCounts([.. Enumerable.Range(0, bins + 1).Select(edge => -1 + (2.0 * edge / bins))], counts);
    }

    private static long[] Counts(IEnumerable<double> cosines, int bins)
    {
        var counts = new long[bins];
        foreach (var cosine in cosines.Where(cosine => !double.IsNaN(cosine)))
        {
            counts[Math.Clamp((int)((cosine + 1) * bins / 2), 0, bins - 1)]++;
        }

        return counts;
    }

    private static ClosePair[] ClosestPairs(CosineHistogram histogram, int[]? numbers, Func<int, string>? tokenText, int wanted)
    {
        int Number(int row) => numbers?[row] ?? row;
        return [.. Enumerable.Range(0, histogram.Nearest.Count)
            .Where(row => histogram.Nearest[row] >= 0)
            .Select(row => (First: Math.Min(row, histogram.Nearest[row]), Second: Math.Max(row, histogram.Nearest[row]), Cosine: histogram.NearestCosine[row]))
            .DistinctBy(pair => (pair.First, pair.Second))
            .OrderByDescending(pair => pair.Cosine).ThenBy(pair => pair.First)
            .Take(wanted)
            .Select(pair => (First: Number(pair.First), Second: Number(pair.Second), pair.Cosine))
            .Select(pair => new ClosePair(pair.First, pair.Second, pair.Cosine, tokenText?.Invoke(pair.First), tokenText?.Invoke(pair.Second)))];
    }

    private static string[] Warnings(CosineMoments moments, double epsilon, long histogramRows)
    {
        var warnings = new List<string>();
        if (epsilon is >= NearOrthogonalBelow and < DenseAbove)
        {
            warnings.Add("epsilon lies between 0.1 and 0.2, where no published model does: unclassified, treated as indeterminate");
        }
        else if (epsilon >= DenseAbove)
        {
            warnings.Add("the class is dense: the formulas would still return a number, but it means nothing");
        }

        if (moments.ZeroRows > 0)
        {
            warnings.Add($"{moments.ZeroRows} rows of norm 0 were left out");
        }

        if (histogramRows < moments.Rows)
        {
            warnings.Add($"the histogram, quantiles and closest pairs are sampled: all pairs of {histogramRows} of {moments.Rows} rows");
        }

        if (moments.Rows <= moments.Dimension)
        {
            warnings.Add("there are no more rows than dimensions: they could all be orthogonal, so epsilon says little");
        }

        return [.. warnings];
    }
}
