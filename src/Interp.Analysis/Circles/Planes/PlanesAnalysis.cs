using Interp.Analysis.Circles.Mixture;
using Interp.Analysis.Circles.Separability;
using Interp.Compute;
using Interp.Compute.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Planes;

/// <summary>Searches labelled points for planes in which the labels lie on a circle.</summary>
public static class PlanesAnalysis
{
    private const int FewPoints = 200;
    private const int ShownPlanes = 6;
    private const int ShownPoints = 1500;

    /// <summary>The catalogue's line.</summary>
    public static AnalysisEntry Entry { get; } = AnalysisEntry.Create<AnalysisSources, PlanesOptions, PlanesResult>(
        "circles-planes",
        "Planes of circles",
        "Finds planes of labelled points that are irreducible and whose angle orders the labels, in an embedding or a residual stream.",
        SourceKinds.Model | SourceKinds.Tensor,
        (sources, _) => sources,
        Run,
        PlanesFigures.Draw);

    /// <summary>Reads the points of the sources and searches them.</summary>
    /// <param name="sources">A tensor of points, or a model that adds modulo p.</param>
    /// <param name="options">Sites, planes, thresholds.</param>
    /// <param name="progress">Receives the prompts read and the planes judged.</param>
    /// <param name="cancellation">Stops between planes and within each.</param>
    /// <exception cref="InterpException">The sources do not fit, or a number is not finite.</exception>
    public static PlanesResult Run(AnalysisSources sources, PlanesOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(options);
        var clouds = PointReader.Read(sources, options, progress, cancellation);
        try
        {
            return Run(clouds, options, progress, cancellation);
        }
        finally
        {
            foreach (var cloud in clouds)
            {
                cloud.Dispose();
            }
        }
    }

    /// <summary>Searches sets of points.</summary>
    /// <param name="clouds">The points; they stay the caller's.</param>
    /// <param name="options">Planes and thresholds.</param>
    /// <param name="progress">Receives the planes judged.</param>
    /// <param name="cancellation">Stops between planes and within each.</param>
    /// <exception cref="InterpException">A number is not finite.</exception>
    public static PlanesResult Run(
        IReadOnlyList<LabelledPoints> clouds, PlanesOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(clouds);
        ArgumentNullException.ThrowIfNull(options);
        var found = clouds.Select(cloud => Search(cloud, options, progress, cancellation)).ToArray();
        var planes = found.SelectMany(cloud => cloud.Planes).OrderByDescending(plane => plane.Report.IsCircle)
            .ThenByDescending(plane => plane.Report.IsCircle && plane.Report.Fit.IsOrdered).ThenByDescending(plane => plane.Report.Score).ToArray();
        return new PlanesResult
        {
            Clouds = [.. found.Select(cloud => cloud.Cloud)],
            Planes = [.. planes.Select((plane, rank) => rank < ShownPlanes ? WithPoints(plane) : plane.Report)],
            Estimator = options.Estimator,
            Epsilon = options.Epsilon,
            MinimumSeparability = options.MinimumSeparability,
            MaximumMixture = options.MaximumMixture,
            MinimumAngleCorrelation = options.MinimumAngleCorrelation,
        };
    }

    private static (PlanesCloud Cloud, List<JudgedPlane> Planes) Search(LabelledPoints points, PlanesOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (n, d) = ((int)points.Points.shape[0], (int)points.Points.shape[1]);
        var components = PrincipalComponents.Fit(points.Points, Math.Min(options.Components, Math.Min(n - 1, d)));
        using var scope = NewDisposeScope();
        var scores = components.Scores(points.Points).ToMatrix();
        PlaneCandidate[] candidates =
        [
            .. PlaneFinder.OfFrequencies(scores, points.Labels, points.Modulus, options.MinimumR2),
            .. PlaneFinder.OfComponents(components.Variances, options.NearEqual),
        ];
        var planes = new List<JudgedPlane>();
        foreach (var candidate in candidates)
        {
            cancellation.ThrowIfCancellationRequested();
            planes.Add(Judge(candidate, scores, points, components, options, cancellation));
            progress?.Report(new StepProgress($"judge planes of {points.Name}", planes.Count, candidates.Length, "planes"));
        }

        var cloud = new PlanesCloud
        {
            Name = points.Name,
            Points = n,
            Dimension = d,
            Modulus = points.Modulus,
            VarianceShares = components.ExplainedShare,
            ChanceR2 = Math.Min(1, (double)components.Variances.Length / (n - 1)),
            CircleFrequencies = [.. planes.Where(plane => plane.Report.IsCircle).Select(plane => plane.Report.Fit.Frequency).Distinct().Order()],
            Warnings = n >= FewPoints ? [] : [$"{n} points are few: separability is mostly the estimate's bias, so read it against its null"],
        };
        return (cloud, planes);
    }

    private static JudgedPlane Judge(
        PlaneCandidate candidate, double[,] scores, LabelledPoints points, PrincipalComponents components, PlanesOptions options, CancellationToken cancellation)
    {
        var (x, y) = PlaneFinder.Project(scores, candidate.Axes);
        var plane = PlaneCloud.FromColumns(x, y, points.Name);
        var separability = SeparabilityIndex.Measure(plane, options.Estimator, null, options.NullDraws, options.Seed, cancellation);
        var mixture = MixtureIndex.MeasureFullest(plane, options.Directions, options.Epsilon, cancellation);
        var fit = FrequencyReader.Read(x, y, points.Labels, points.Modulus);
        var (centroidX, centroidY) = FrequencyReader.Centroids(x, y, points.Labels, points.Modulus);
        var variance = (x.Sum(v => v * v) + y.Sum(v => v * v)) / (x.Length - 1);
        var report = new PlaneReport
        {
            Cloud = points.Name,
            Kind = candidate.Kind,
            Components = candidate.Components,
            SeparabilityBits = separability.Bits,
            SeparabilityAngle = separability.Angle,
            NullMeanBits = separability.NullMean!.Value,
            NullQuantile95Bits = separability.NullQuantile95!.Value,
            Mixture = mixture.Share,
            Score = (1 - mixture.Share) * separability.Bits,
            Points = separability.Points,
            VarianceShare = components.TotalVariance > 0 ? variance / components.TotalVariance : 0,
            Fit = fit,
            ReadableR2 = candidate.ReadableR2,
            IsCircle = separability.Bits >= options.MinimumSeparability && separability.Bits > separability.NullQuantile95
                && mixture.Share <= options.MaximumMixture && fit.AngleCorrelation >= options.MinimumAngleCorrelation,
            CentroidX = centroidX,
            CentroidY = centroidY,
        };
        return new JudgedPlane(report, x, y, points.Labels);
    }

    private static PlaneReport WithPoints(JudgedPlane plane)
    {
        var count = Math.Min(plane.X.Length, ShownPoints);
        int[] shown = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * plane.X.Length / count))];
        return plane.Report with
        {
            ShownX = [.. shown.Select(i => plane.X[i])],
            ShownY = [.. shown.Select(i => plane.Y[i])],
            ShownLabels = [.. shown.Select(i => plane.Labels[i])],
        };
    }

    private sealed record JudgedPlane(PlaneReport Report, double[] X, double[] Y, IReadOnlyList<int> Labels);
}
