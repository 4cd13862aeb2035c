using Interp.Analysis.Circles;
using Interp.Analysis.Circles.Separability;
using Interp.Compute;
using Interp.Compute.Statistics;

namespace Interp.Analysis.Tests.Circles.Separability;

public sealed class NearestNeighbourInformationTests
{
    [Fact]
    public void A_correlated_Gaussian_has_its_closed_form()
    {
        // −½ log₂(1 − ρ²); the estimator's standard deviation at 4000 points is about 0.02 bits.
        var (x, y) = Normals(4000);
        var estimate = At(PlaneCloud.FromColumns(x, [.. x.Zip(y, (a, b) => (0.8 * a) + (0.6 * b))]), 0);
        Assert.Equal(-0.5 * Math.Log2(1 - 0.64), estimate, 0.08);
    }

    [Fact]
    public void Counting_by_tree_agrees_with_counting_all_pairs()
    {
        var (x, noise) = Normals(90);
        double[] y = [.. x.Zip(noise, (a, b) => a + (0.3 * b))];
        Assert.Equal(AllPairs(x, y), At(PlaneCloud.FromColumns(x, y), 0), 1e-7);
    }

    [Fact]
    public void Independent_coordinates_score_near_zero_and_a_circle_far_above()
    {
        // Evenly spread points have no random neighbours, so the cloud is drawn.
        var (x, y) = Normals(1500);
        Assert.Equal(0, SeparabilityIndex.Measure(PlaneCloud.FromColumns(x, y), SeparabilityEstimator.Ksg).Bits, 0.12);
        Assert.True(At(ReferenceClouds.Cloud("circle_exact"), 0.4) > 2);
    }

    [Fact]
    public void Repeated_points_do_not_break_the_estimate() =>
        Assert.True(double.IsFinite(At(PlaneCloud.FromColumns([1, 1, 1, 1, 1, 1, 1, 2, 2, 2], [1, 1, 1, 1, 1, 1, 1, 5, 5, 5]), 0.2)));

    [Fact]
    public void Too_few_points_are_refused_in_one_line() => Assert.Contains(
        "more than 5 points",
        Assert.Throws<InterpException>(() => SeparabilityIndex.Measure(PlaneCloud.FromColumns([1, 2, 3], [3, 1, 2]), SeparabilityEstimator.Ksg)).Message,
        StringComparison.Ordinal);

    private static (double[] X, double[] Y) Normals(int count)
    {
        var random = new SplitMix64(4);
        return ([.. Enumerable.Range(0, count).Select(_ => random.NextNormal())], [.. Enumerable.Range(0, count).Select(_ => random.NextNormal())]);
    }

    private static double At(PlaneCloud cloud, double angle)
    {
        var workspace = new NearestNeighbourInformation(cloud);
        workspace.Rotate(angle);
        return workspace.Measure([]);
    }

    private static double AllPairs(double[] x, double[] y)
    {
        var all = Enumerable.Range(0, x.Length).ToArray();
        var mean = all.Average(i =>
        {
            var radius = all.Where(j => j != i).Select(j => Math.Max(Math.Abs(x[i] - x[j]), Math.Abs(y[i] - y[j]))).Order().ElementAt(4);
            return SpecialFunctions.Digamma(all.Count(j => j != i && Math.Abs(x[i] - x[j]) < radius) + 1)
                + SpecialFunctions.Digamma(all.Count(j => j != i && Math.Abs(y[i] - y[j]) < radius) + 1);
        });
        return (SpecialFunctions.Digamma(5) + SpecialFunctions.Digamma(x.Length) - mean) / Math.Log(2);
    }
}
