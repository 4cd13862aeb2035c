using Interp.Analysis.Circles.Mixture;
using Interp.Analysis.Circles.Separability;
using Interp.Compute;
using Interp.Compute.LinearAlgebra;
using static TorchSharp.torch;

namespace Interp.Analysis.Circles.Indices;

/// <summary>What all planes of the leading axes of wide points show.</summary>
/// <param name="PlaneBits">S of the plane of every two axes, bits; NaN on the diagonal, which has none. Empty for points of two dimensions.</param>
/// <param name="PlaneMixture">M of them, 0–1; likewise.</param>
/// <param name="Band">The fullest band of any direction among the axes, or null for points of two dimensions.</param>
internal sealed record LeadingAxes(double[][] PlaneBits, double[][] PlaneMixture, SpaceBand? Band)
{
    private const int PlaneDirections = 360;

    /// <summary>Measures them.</summary>
    /// <param name="input">Checked points <c>[n, d]</c>.</param>
    /// <param name="plane">Columns or components.</param>
    /// <param name="options">How many axes, estimator, ε, seed.</param>
    /// <param name="progress">Receives each plane.</param>
    /// <param name="cancellation">Stops between planes and within each.</param>
    public static LeadingAxes Of(IndicesInput input, PlaneChoice plane, IndicesOptions options, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        var axes = (int)Math.Min(options.LeadingAxes, Math.Min(input.Points.shape[1], input.Points.shape[0] - 1));
        if (axes < 3)
        {
            return new LeadingAxes([], [], null);
        }

        var coordinates = Coordinates(input, plane, axes);
        var (bits, shares) = (new double[axes][], new double[axes][]);
        var (done, all) = (0, axes * (axes - 1) / 2);
        for (var i = 0; i < axes; i++)
        {
            (bits[i], shares[i]) = (new double[axes], new double[axes]);
            (bits[i][i], shares[i][i]) = (double.NaN, double.NaN);
            for (var j = 0; j < i; j++)
            {
                var cloud = PlaneCloud.FromMatrix(coordinates, j, i, input.Name);
                bits[i][j] = bits[j][i] = SeparabilityIndex.Measure(cloud, options.Estimator, cancellation: cancellation).Bits;
                shares[i][j] = shares[j][i] = MixtureIndex.MeasureFullest(cloud, Math.Min(options.Directions, PlaneDirections), options.Epsilon, cancellation).Share;
                progress?.Report(new StepProgress("measure planes", ++done, all, "planes"));
            }
        }

        return new LeadingAxes(bits, shares, SpaceMixture.Measure(coordinates, options.Epsilon, options.Seed, cancellation));
    }

    private static double[,] Coordinates(IndicesInput input, PlaneChoice plane, int axes)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var points = input.Points.detach().to(ScalarType.Float64).cpu();
        return plane == PlaneChoice.Columns ? points.narrow(1, 0, axes).ToMatrix() : PrincipalComponents.Fit(points, axes).Scores(points).ToMatrix();
    }
}
