using Interp.Analysis.Circles.Mixture;
using Interp.Analysis.Circles.Separability;
using Interp.Compute;
using Interp.Compute.LinearAlgebra;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Indices;

/// <summary>Measures separability and mixture of one plane of a point cloud.</summary>
public static class IndicesAnalysis
{
    private const int FewPoints = 50;
    private const int ShownPoints = 4000;
    private const int ShownDirections = 180;

    /// <summary>The catalogue's line.</summary>
    public static AnalysisEntry Entry { get; } = AnalysisEntry.Create<IndicesInput, IndicesOptions, IndicesResult>(
        "circles-indices",
        "Indices of a point cloud",
        "Whether a plane of points is irreducibly two-dimensional: separability in bits and mixture, beside a null.",
        SourceKinds.Tensor,
        IndicesInput.Open,
        Run,
        IndicesFigures.Draw);

    /// <summary>Measures the points.</summary>
    /// <param name="input">The points <c>[n, d]</c>; they stay the caller's.</param>
    /// <param name="options">Estimator, plane, null.</param>
    /// <param name="progress">Receives the two measurements.</param>
    /// <param name="cancellation">Stops between rotations and between directions.</param>
    /// <exception cref="InterpException">The points have another shape, hold a number that is not finite, or have no such plane.</exception>
    public static IndicesResult Run(IndicesInput input, IndicesOptions options, IProgress<StepProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        var (plane, cloud, varianceShare) = Plane(input, options);
        progress?.Report(new StepProgress("separability", 0, 2, "indices"));
        var separability = SeparabilityIndex.Measure(cloud, options.Estimator, options.Radius, options.NullDraws, options.Seed, cancellation);
        progress?.Report(new StepProgress("mixture", 1, 2, "indices"));
        var isExact = options.MixtureEstimator == MixtureEstimator.Exact;
        var mixture = isExact
            ? MixtureIndex.MeasureFullest(cloud, options.Directions, options.Epsilon, cancellation)
            : MixtureIndex.Measure(cloud, options.MixtureEstimator, options.Directions, options.Epsilon, options.Seed, cancellation);
        var byDirection = isExact ? MixtureIndex.Measure(cloud, Math.Min(options.Directions, ShownDirections), options.Epsilon, cancellation).Shares : [];
        progress?.Report(new StepProgress("mixture", 2, 2, "indices"));
        var intervals = IndexIntervals.Of(cloud, separability.Bits, mixture.Share, options, cancellation);
        var leading = LeadingAxes.Of(input, plane, options, progress, cancellation);
        var shown = Enumerable.Range(0, Math.Min(cloud.Count, ShownPoints)).Select(i => (int)((long)i * cloud.Count / Math.Min(cloud.Count, ShownPoints))).ToArray();
        return new IndicesResult
        {
            SeparabilityBits = separability.Bits,
            SeparabilityAngle = separability.Angle,
            Mixture = mixture.Share,
            MixtureDirection = mixture.Direction,
            MixtureOffset = mixture.Offset,
            Points = cloud.Count,
            Estimator = options.Estimator,
            Score = (1 - mixture.Share) * separability.Bits,
            MaximumBits = separability.MaximumBits,
            NullMeanBits = separability.NullMean,
            NullQuantile95Bits = separability.NullQuantile95,
            SeparabilityLowBits = intervals.Separability?.Low,
            SeparabilityHighBits = intervals.Separability?.High,
            MixtureLow = intervals.Mixture?.Low,
            MixtureHigh = intervals.Mixture?.High,
            BiasBits = SeparabilityIndex.FirstOrderBias(options.Estimator, separability.Points),
            PointsUsed = separability.Points,
            MixtureHalfWidth = mixture.HalfWidth,
            MixtureEstimator = options.MixtureEstimator,
            Epsilon = mixture.Epsilon,
            Directions = options.Directions,
            IsLowerDimensional = mixture.IsLowerDimensional,
            Dimension = (int)input.Points.shape[1],
            Plane = plane,
            Axes = [.. options.Axes],
            VarianceShare = varianceShare,
            PlaneBits = leading.PlaneBits,
            PlaneMixture = leading.PlaneMixture,
            SpaceMixture = leading.Band,
            Warnings = [.. Warnings(cloud, separability, mixture, (int)input.Points.shape[1], leading)],
            Angles = separability.Angles,
            InformationBits = separability.Information,
            MixtureByDirection = byDirection,
            ShownX = [.. shown.Select(i => cloud.X[i])],
            ShownY = [.. shown.Select(i => cloud.Y[i])],
        };
    }

    private static (PlaneChoice Plane, PlaneCloud Cloud, double VarianceShare) Plane(IndicesInput input, IndicesOptions options)
    {
        var points = input.Points;
        if (points.dim() != 2 || points.shape[0] < 2 || points.shape[1] < 2)
        {
            throw new ShapeMismatchException(input.Name, "[n ≥ 2, d ≥ 2]", points.shape);
        }

        if (options.Axes is not [var first, var second] || first == second)
        {
            throw new InterpException($"a plane has two different axes, but --axes is {string.Join(",", options.Axes)}: name two, for example 0,1");
        }

        var plane = options.Plane != PlaneChoice.Automatic ? options.Plane : points.shape[1] == 2 ? PlaneChoice.Columns : PlaneChoice.Components;
        var available = plane == PlaneChoice.Columns ? points.shape[1] : Math.Min(points.shape[0], points.shape[1]);
        if (Math.Max(first, second) >= available)
        {
            throw new InterpException($"{input.Name} has {available} {(plane == PlaneChoice.Columns ? "columns" : "principal components")}, so there is no axis {Math.Max(first, second)}: --axes counts from 0");
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var values = points.detach().to(ScalarType.Float64).cpu();
        if (plane == PlaneChoice.Components)
        {
            var components = PrincipalComponents.Fit(values, Math.Max(first, second) + 1);
            var scores = components.Scores(values).ToMatrix();
            return (plane, PlaneCloud.FromMatrix(scores, first, second, input.Name), components.ExplainedShare[first] + components.ExplainedShare[second]);
        }

        var cloud = PlaneCloud.FromColumns(values.select(1, first).ToVector(), values.select(1, second).ToVector(), input.Name);
        var variances = values.var(0, unbiased: false).ToVector();
        var total = variances.Sum();
        return (plane, cloud, total > 0 ? (variances[first] + variances[second]) / total : 0);
    }

    private static IEnumerable<string> Warnings(PlaneCloud cloud, SeparabilityScore separability, MixtureScore mixture, int dimension, LeadingAxes leading)
    {
        if (separability.Points < FewPoints)
        {
            yield return $"{separability.Points} points are too few for the estimate: compare separability with its null only";
        }

        if (mixture.IsLowerDimensional)
        {
            yield return cloud.X.Distinct().Count() == 1 || cloud.Y.Distinct().Count() == 1
                ? "one coordinate is constant: the cloud lies on a line and is reducible, whatever its separability"
                : "the cloud lies on a line: it is reducible, whatever its separability";
        }

        if (separability.NullQuantile95 is { } null95 && separability.Bits <= null95)
        {
            yield return "separability is no larger than that of shuffled coordinates: nothing but the estimate's bias is seen";
        }

        if (leading.PlaneBits.Length < dimension && dimension > 2)
        {
            yield return leading.PlaneBits.Length == 0
                ? $"only one plane of {dimension} dimensions was measured"
                : $"only planes of {leading.PlaneBits.Length} of {dimension} dimensions were measured";
        }
    }
}
