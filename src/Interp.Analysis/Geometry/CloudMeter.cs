using System.Security.Cryptography;
using Interp.Compute.Kernels.Pairwise;
using Interp.Compute.LinearAlgebra;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Geometry;

/// <summary>Measures one cloud with its intervals and its matched Gaussian.</summary>
internal sealed class CloudMeter(GeometryOptions options, CancellationToken cancellation)
{
    private static readonly double[] s_sweep = [0.25, 0.5, 1, 2, 4];
    private static readonly int[] s_neighbours = [5, 10, 20, 50, 100];

    private const int ShownPoints = 200;
    private const int LocalBins = 40;

    private readonly Dictionary<(long Rows, long Width), CloudMeasures> _isotropic = [];
    private double? _firstMedian;

    /// <summary>Measures rows <c>[n, d]</c>, float64, with the labels of the rows where there are some.</summary>
    public CloudGeometry Measure(Cloud cloud, int? step)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var rows = cloud.Rows.to(ScalarType.Float64);
        var notes = new List<string>();
        var (spectral, spectrum) = SpectralMeasures.Of(rows);
        if (spectrum.Length == 0)
        {
            notes.Add("all rows are equal: the cloud has no spread, so spectra and dimensions are not defined");
        }

        var distinct = Distinct(rows);
        var duplicates = (int)(rows.shape[0] - distinct.shape[0]);
        var neighbours = Neighbours(distinct);
        var dimensions = neighbours is null ? new CloudMeasures() : Dimensions(neighbours);
        Note(notes, duplicates, neighbours, dimensions);
        var measures = Joined(spectral, dimensions);
        var (points, local, range) = Shapes(neighbours);
        var geometry = Diffusion(new CloudGeometry
        {
            Name = cloud.Name,
            Step = step,
            Rows = (int)rows.shape[0],
            Dimension = (int)rows.shape[1],
            Duplicates = duplicates,
            Measures = measures,
            Spectrum = spectrum,
            MatchedGaussian = options.MatchedGaussian && neighbours is not null && spectrum.Length > 0 ? Matched(distinct, spectrum) : null,
            IsotropicGaussian = options.MatchedGaussian && spectrum.Length > 0 ? Isotropic(rows.shape[0], rows.shape[1]) : null,
            TwoNearestLogRatios = [.. points.Select(static point => point.LogRatio)],
            TwoNearestLogTails = [.. points.Select(point => point.LogTail)],
            LocalDimensionCounts = local,
            LocalDimensionRange = range,
            LikelihoodByNeighbours = neighbours is null ? [] : [.. s_neighbours.Where(k => k <= neighbours.Neighbours)
                .Select(k => new ScaledDimension(k, NeighbourDimensions.MaximumLikelihood(neighbours, k) ?? double.NaN))],
            TwoNearestByRows = neighbours is null ? [] : ByRows(distinct),
            Notes = notes,
        }, rows, cloud.Labels);
        return options.Resamples > 0 ? geometry with { HalfWidths = HalfWidths(rows, distinct) } : geometry;
    }

    private static void Note(List<string> notes, int duplicates, NeighbourTable? neighbours, CloudMeasures dimensions)
    {
        if (duplicates > 0)
        {
            notes.Add($"{duplicates} rows equal to earlier ones were left out of neighbour measures");
        }

        if (neighbours is null)
        {
            notes.Add("there are fewer than three different rows: neighbour measures are not defined");
        }
        else if (dimensions.TwoNearest > 10)
        {
            notes.Add("above about 10, neighbour dimensions are lower bounds: compare layers with each other");
        }
    }

    private CloudGeometry Diffusion(CloudGeometry geometry, Tensor rows, IReadOnlyList<int>? labels)
    {
        var n = (int)Math.Min(options.DiffusionRows, rows.shape[0]);
        if (n < 2 || geometry.Spectrum.Count == 0)
        {
            return geometry;
        }

        cancellation.ThrowIfCancellationRequested();
        var chosen = SplitMix64.ForStream(options.Seed, "diffusion rows").Permutation((int)rows.shape[0])[..n];
        Array.Sort(chosen);
        var distances = NearestRows.AllDistances(rows.index_select(0, tensor(chosen, dtype: ScalarType.Int64)));
        var median = DiffusionEntropy.Median(distances);
        _firstMedian ??= median;
        var scale = options.ScaleFactor * options.Scale switch
        {
            DistanceScale.Absolute => 1,
            DistanceScale.MedianOfFirst => _firstMedian.Value,
            _ => median,
        };
        if (!(scale > 0))
        {
            return geometry with { MedianDistance = median };
        }

        var information = labels is null ? null : DiffusionEntropy.MutualInformation(
            distances, [.. chosen.Select(row => labels[row])], scale, options.DiffusionTime, options.Seed, cancellation);
        return geometry with
        {
            Notes = labels is not null && information is null ? [.. geometry.Notes, "fewer than two labels have 16 rows or more: the mutual information is not defined; take more diffusion rows or coarser labels"] : geometry.Notes,
            MedianDistance = median,
            DiffusionScale = scale,
            Measures = geometry.Measures with { DiffusionEntropyBits = DiffusionEntropy.Bits(distances, scale, options.DiffusionTime) },
            DiffusionSweepBits = [.. s_sweep.Select(factor => DiffusionEntropy.Bits(distances, factor * scale, options.DiffusionTime))],
            DiffusionMutualInformationBits = information?.Bits,
            MutualInformationNullBits = information?.NullMean,
            MutualInformationNullDeviation = information?.NullDeviation,
        };
    }

    private NeighbourTable? Neighbours(Tensor rows) =>
        rows.shape[0] < 3 ? null : NearestRows.Of(rows, Math.Max(options.LikelihoodNeighbours, options.MomentNeighbours), PairwiseBackend.Auto, cancellation);

    private CloudMeasures Dimensions(NeighbourTable table)
    {
        var local = NeighbourDimensions.Moments(table, options.MomentNeighbours).Where(double.IsFinite).ToArray();
        return new CloudMeasures
        {
            TwoNearest = NeighbourDimensions.TwoNearest(table, options.Discard),
            TwoNearestLikelihood = NeighbourDimensions.TwoNearestLikelihood(table),
            MaximumLikelihood = NeighbourDimensions.MaximumLikelihood(table, options.LikelihoodNeighbours),
            MomentsMedian = local.Length > 0 ? NeighbourDimensions.Median(local) : null,
            MomentsGeometric = local.Length > 0 ? NeighbourDimensions.Geometric(local) : null,
        };
    }

    /// <summary>TwoNN's points and the histogram of ln of the local dimensions.</summary>
    private (IReadOnlyList<(double LogRatio, double LogTail)> Points, int[] Counts, double[] Range) Shapes(NeighbourTable? table)
    {
        if (table is null)
        {
            return ([], [], []);
        }

        var points = NeighbourDimensions.TwoNearestPoints(table, options.Discard).ToArray();
        var shown = points.Length <= ShownPoints ? points : [.. Enumerable.Range(0, ShownPoints).Select(place => points[(long)place * (points.Length - 1) / (ShownPoints - 1)])];
        var logs = NeighbourDimensions.Moments(table, options.MomentNeighbours).Where(value => value > 0 && double.IsFinite(value)).Select(value => Math.Log(value)).ToArray();
        if (logs.Length == 0 || logs.Max() <= logs.Min())
        {
            return (shown, [], []);
        }

        var (least, width) = (logs.Min(), (logs.Max() - logs.Min()) / LocalBins);
        var counts = new int[LocalBins];
        foreach (var log in logs)
        {
            counts[Math.Min((int)((log - least) / width), LocalBins - 1)]++;
        }

        return (shown, counts, [least, logs.Max()]);
    }

    private static CloudMeasures Joined(CloudMeasures spectral, CloudMeasures dimensions) => spectral with
    {
        TwoNearest = dimensions.TwoNearest,
        TwoNearestLikelihood = dimensions.TwoNearestLikelihood,
        MaximumLikelihood = dimensions.MaximumLikelihood,
        MomentsMedian = dimensions.MomentsMedian,
        MomentsGeometric = dimensions.MomentsGeometric,
    };

    /// <summary>Rows drawn again for spectra; random halves for neighbours, as drawing again makes duplicates, with their deviation over √2.</summary>
    private CloudMeasures HalfWidths(Tensor rows, Tensor distinct)
    {
        var spectral = new List<CloudMeasures>();
        var halves = new List<CloudMeasures>();
        for (var resample = 0; resample < options.Resamples; resample++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var random = SplitMix64.ForStream(options.Seed, $"resample {resample}");
            var drawn = Enumerable.Range(0, (int)rows.shape[0]).Select(_ => (long)random.NextInt((int)rows.shape[0])).ToArray();
            spectral.Add(SpectralMeasures.Of(rows.index_select(0, tensor(drawn))).Measures);
            if (Neighbours(Part(distinct, 2, random)) is { } table)
            {
                halves.Add(Dimensions(table));
            }
        }

        double? Half(IReadOnlyList<CloudMeasures> measures, Func<CloudMeasures, double?> of, double factor)
        {
            var values = measures.Select(of).OfType<double>().ToArray();
            return values.Length < 2 ? null : 1.96 * factor * Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));
        }

        double? Spectral(Func<CloudMeasures, double?> of) => Half(spectral, of, 1);
        double? Neighbour(Func<CloudMeasures, double?> of) => Half(halves, of, 1 / Math.Sqrt(2));
        return new CloudMeasures
        {
            AverageCosine = Spectral(measures => measures.AverageCosine),
            SpectralAnisotropy = Spectral(measures => measures.SpectralAnisotropy),
            StableRank = Spectral(measures => measures.StableRank),
            ParticipationRatio = Spectral(measures => measures.ParticipationRatio),
            EffectiveRank = Spectral(measures => measures.EffectiveRank),
            VonNeumannEntropy = Spectral(measures => measures.VonNeumannEntropy),
            PartitionIsotropy = Spectral(measures => measures.PartitionIsotropy),
            TwoNearest = Neighbour(measures => measures.TwoNearest),
            TwoNearestLikelihood = Neighbour(measures => measures.TwoNearestLikelihood),
            MaximumLikelihood = Neighbour(measures => measures.MaximumLikelihood),
            MomentsMedian = Neighbour(measures => measures.MomentsMedian),
            MomentsGeometric = Neighbour(measures => measures.MomentsGeometric),
        };
    }

    private CloudMeasures? Matched(Tensor distinct, double[] spectrum)
    {
        using var scope = NewDisposeScope();
        var random = SplitMix64.ForStream(options.Seed, "matched Gaussian");
        var (n, width) = ((int)distinct.shape[0], spectrum.Length);
        var values = new double[n * width];
        for (var place = 0; place < values.Length; place++)
        {
            // Distances do not see the basis: independent coordinates of the same variances will do.
            values[place] = random.NextNormal() * Math.Sqrt(spectrum[place % width]);
        }

        return Neighbours(tensor(values, n, width)) is { } table ? Dimensions(table) : null;
    }

    /// <summary>What chance alone gives in as many rows and columns; made once a size.</summary>
    private CloudMeasures Isotropic(long rows, long width)
    {
        if (_isotropic.TryGetValue((rows, width), out var known))
        {
            return known;
        }

        cancellation.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        var random = SplitMix64.ForStream(options.Seed, "isotropic Gaussian");
        var values = new double[rows * width];
        foreach (ref var value in values.AsSpan())
        {
            value = random.NextNormal();
        }

        var cloud = tensor(values, rows, width);
        var (spectral, _) = SpectralMeasures.Of(cloud);
        return _isotropic[(rows, width)] = Joined(spectral, Neighbours(cloud) is { } table ? Dimensions(table) : new CloudMeasures());
    }

    private ScaledDimension[] ByRows(Tensor distinct)
    {
        const int Repeats = 4;
        var scales = new List<ScaledDimension>();
        for (var parts = 1; distinct.shape[0] / parts >= 32 && parts <= 16; parts *= 2)
        {
            using var scope = NewDisposeScope();
            var estimates = Enumerable.Range(0, parts == 1 ? 1 : Repeats)
                .Select(repeat => Part(distinct, parts, SplitMix64.ForStream(options.Seed, $"part {parts}, {repeat}")))
                .Select(part => NeighbourDimensions.TwoNearest(NearestRows.Of(part, 2, PairwiseBackend.Auto, cancellation), options.Discard))
                .OfType<double>().ToArray();
            if (estimates.Length > 0)
            {
                scales.Add(new ScaledDimension((int)(distinct.shape[0] / parts), estimates.Average()));
            }
        }

        return [.. scales];
    }

    private static Tensor Part(Tensor rows, int parts, SplitMix64 random) =>
        parts == 1 ? rows : rows.index_select(0, tensor(random.Permutation((int)rows.shape[0])[..((int)rows.shape[0] / parts)], dtype: ScalarType.Int64));

    /// <summary>The rows without those equal to an earlier one.</summary>
    private static Tensor Distinct(Tensor rows)
    {
        var width = (int)rows.shape[1] * sizeof(double);
        var bytes = (rows + 0.0).contiguous().bytes.ToArray(); // Adding 0 makes −0 and 0 one.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var kept = new List<long>();
        for (var row = 0; row < rows.shape[0]; row++)
        {
            if (seen.Add(Convert.ToBase64String(SHA256.HashData(bytes.AsSpan(row * width, width)))))
            {
                kept.Add(row);
            }
        }

        return kept.Count == rows.shape[0] ? rows : rows.index_select(0, tensor(kept.ToArray()));
    }
}
