using System.Text.Json;
using Interp.Analysis.Circles.Planes;
using Interp.Compute;
using Interp.Compute.Statistics;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Planes;

public sealed class PlanesAnalysisTests
{
    private static readonly PlanesOptions s_quick = new() { Directions = 60, NullDraws = 3 };

    [Fact]
    public void Two_hidden_circles_are_found_with_their_frequencies_by_both_kinds_of_plane()
    {
        using var scope = NewDisposeScope();
        using var points = Hidden(17, [(3, 4.0), (5, 2.0)], copies: 30, noise: 0.05);
        var result = PlanesAnalysis.Run([points], s_quick with { Components = 6 });
        Assert.Equal([3, 5], result.Clouds[0].CircleFrequencies);
        foreach (var kind in new[] { PlaneKind.Components, PlaneKind.Frequency })
        {
            var circles = result.Planes.Where(plane => plane.Kind == kind && plane.IsCircle).ToArray();
            Assert.Equal([3, 5], circles.Select(plane => plane.Fit.Frequency).Order());
            Assert.All(circles, plane => Assert.True(plane.Fit.IsOrdered && plane.Fit.R2 > 0.99));
        }

        Assert.True(result.Planes.Take(4).All(plane => plane.IsCircle));
        Assert.True(result.Planes.Skip(4).All(plane => !plane.IsCircle));
        Assert.Equal(0.8, result.Planes.First(plane => plane.Components is [0, 1]).VarianceShare, 0.01);
    }

    [Fact]
    public void A_torus_is_reducible_across_its_circles_and_not_within()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (ReferenceClouds.Cloud("torus_plane_01"), ReferenceClouds.Cloud("torus_plane_23"));
        var values = stack([tensor(first.X), tensor(first.Y), 0.5 * tensor(second.X), 0.5 * tensor(second.Y)], 1);
        using var torus = LabelledPoints.InOrder("torus", values, 7);
        var planes = PlanesAnalysis.Run([torus], s_quick with { MinimumR2 = 0.99 }).Planes.ToDictionary(plane => string.Join(",", plane.Components));

        // Principal components mix the two circles a little, by the sampling error of their covariance.
        Assert.Equal(1.5, planes["0,1"].SeparabilityBits, 0.05);
        Assert.Equal(1.5, planes["2,3"].SeparabilityBits, 0.05);
        Assert.Equal(0.001, planes["1,2"].SeparabilityBits, 0.005);
    }

    [Fact]
    public void Shuffled_labels_leave_a_ring_without_a_frequency()
    {
        using var scope = NewDisposeScope();
        using var ordered = Hidden(13, [(2, 3.0)], copies: 20, noise: 0.05);
        using var shuffled = ordered with { Labels = [.. SplitMix64.ForStream(1, "labels").Permutation(260).Select(i => ordered.Labels[i])] };
        var result = PlanesAnalysis.Run([shuffled], s_quick with { Components = 4 });
        Assert.Empty(result.Clouds[0].CircleFrequencies);
        Assert.All(result.Planes, plane => Assert.Equal(PlaneKind.Components, plane.Kind));

        // The ring is still there: its separability does not depend on the labels.
        Assert.True(result.Planes.First(plane => plane.Components is [0, 1]).SeparabilityBits > 0.7);
    }

    [Fact]
    public void Components_of_nearly_equal_variance_make_planes_even_when_apart()
    {
        var planes = PlaneFinder.OfComponents([1.0, 0.95, 0.92, 0.3, 0], 0.9).Select(plane => string.Join(",", plane.Components));
        Assert.Equal(["0,1", "0,2", "1,2", "2,3"], planes);
    }

    [Fact]
    public void Hostile_input_is_refused_in_one_line()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("cannot carry", Assert.Throws<InterpException>(() => LabelledPoints.InOrder("t", RandomTensor.Normal(5, 3), 6)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeMismatchException>(() => LabelledPoints.InOrder("t", RandomTensor.Normal(5, 1), 0));
        var broken = RandomTensor.Normal(9, 3);
        broken[2, 2] = tensor(float.NaN);
        Assert.Contains("not finite", Assert.Throws<InterpException>(() => PlanesAnalysis.Run([LabelledPoints.InOrder("t", broken, 0)], s_quick)).Message, StringComparison.Ordinal);
        var none = new AnalysisSources { OutputFolder = "" };
        Assert.Contains("name a model", Assert.Throws<InterpException>(() => PlanesAnalysis.Run(none, s_quick)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_points_are_measured_with_a_warning_and_drawn()
    {
        using var scope = NewDisposeScope();
        using var points = Hidden(12, [(1, 1.0)], copies: 1, noise: 0.01);
        var result = PlanesAnalysis.Run([points], s_quick);
        Assert.Contains("12 points are few", Assert.Single(result.Clouds[0].Warnings), StringComparison.Ordinal);
        Assert.Contains(PlanesFigures.Draw(result), figure => figure.Name == "plane-1");
        var json = JsonSerializer.SerializeToElement(result, ResultJson.Options);
        Assert.Equal("frequency", json.GetProperty("planes").EnumerateArray().First(plane => plane.GetProperty("readableR2").ValueKind == JsonValueKind.Number).GetProperty("kind").GetString());
    }

    [Fact]
    public void Nothing_stays_alive_after_a_run()
    {
        using var points = LabelledPoints.InOrder("t", RandomTensor.Normal(60, 6), 20);
        LiveTensors.AssertNoGrowth(() => PlanesAnalysis.Run([points], s_quick));
    }

    [Fact]
    public void A_cancelled_run_stops()
    {
        using var source = new CancellationTokenSource();
        using var points = LabelledPoints.InOrder("t", RandomTensor.Normal(60, 6), 20);
        var stop = new Stop(source);
        Assert.ThrowsAny<OperationCanceledException>(() => PlanesAnalysis.Run([points], s_quick, stop, source.Token));
        Assert.Equal(1, stop.Reports);
    }

    /// <summary>Circles of given frequencies and radii in random perpendicular planes of 20 dimensions, with noise.</summary>
    private static LabelledPoints Hidden(int modulus, (int Frequency, double Radius)[] circles, int copies, double noise)
    {
        var basis = linalg.qr(RandomTensor.Normal(20, 20, 5).to(ScalarType.Float64)).Q;
        var labels = arange(modulus * copies, dtype: ScalarType.Float64).remainder(modulus);
        var columns = circles.SelectMany(circle =>
        {
            var angle = labels * (2 * Math.PI * circle.Frequency / modulus);
            return new[] { circle.Radius * angle.cos(), circle.Radius * angle.sin() };
        });
        var values = stack(columns, 1).matmul(basis.narrow(0, 0, 2 * circles.Length)) + (noise * RandomTensor.Normal(modulus * copies, 20, 6).to(ScalarType.Float64)) + 2;
        return LabelledPoints.InOrder("hidden circles", values, modulus);
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<StepProgress>
    {
        public int Reports { get; private set; }

        public void Report(StepProgress value)
        {
            Reports++;
            source.Cancel();
        }
    }
}
