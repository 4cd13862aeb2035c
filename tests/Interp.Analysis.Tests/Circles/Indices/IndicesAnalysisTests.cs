using System.Text.Json;
using Interp.Analysis.Circles;
using Interp.Analysis.Circles.Indices;
using Interp.Compute;
using Interp.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Interp.Analysis.Tests.Circles.Indices;

public sealed class IndicesAnalysisTests
{
    private static readonly IndicesOptions s_quick = new() { Directions = 90, NullDraws = 3, LeadingAxes = 0, BootstrapDraws = 0 };

    [Fact]
    public void A_circle_is_irreducible_and_two_independent_angles_are_not()
    {
        var circle = Run("circle_exact", new IndicesOptions { Directions = 720, BootstrapDraws = 0 });
        Assert.Equal(1.17, circle.Score, 0.01);
        Assert.True(circle.SeparabilityBits > 50 * circle.NullQuantile95Bits);
        Assert.Empty(circle.Warnings);
        var torus = Run("torus_plane_02", s_quick);
        Assert.True(torus.Score < 0.002);
        Assert.Contains(torus.Warnings, warning => warning.Contains("no larger than", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gauss_iso")]
    [InlineData("uniform_square")]
    [InlineData("cross_axes")]
    [InlineData("cross_noise_0.05")]
    [InlineData("mix_30gauss_60line_10line")]
    [InlineData("lattice")]
    [InlineData("disk_uniform")]
    public void Reducible_clouds_score_at_most_a_sixth_of_a_bit(string name) =>
        Assert.True(Run(name, new IndicesOptions { Directions = 360, NullDraws = 0, BootstrapDraws = 0 }).Score <= 0.17);

    [Fact]
    public void Bootstrap_intervals_lie_around_the_indices_and_cover_other_samples()
    {
        var options = s_quick with { BootstrapDraws = 40 };
        var result = Run("circle_noise_0.1", options);
        Assert.InRange(result.SeparabilityBits, result.SeparabilityLowBits!.Value, result.SeparabilityHighBits!.Value);
        Assert.InRange(result.Mixture, result.MixtureLow!.Value, result.MixtureHigh!.Value);
        Assert.True(result.SeparabilityHighBits - result.SeparabilityLowBits < 0.1);

        // Independent samples of 1000 noisy circles: most of their indices lie within the interval of one of them.
        double[] Sample(long seed)
        {
            using var scope = NewDisposeScope();
            var noise = RandomTensor.Normal(1000, 3, seed).to(ScalarType.Float64);
            var angle = noise.select(1, 2) * 50;
            var points = stack([angle.cos(), angle.sin()], 1) + (0.1 * noise.narrow(1, 0, 2));
            var sample = IndicesAnalysis.Run(new IndicesInput(points, "sample"), options with { BootstrapDraws = seed == 0 ? 60 : 0 });
            return [sample.SeparabilityBits, sample.SeparabilityLowBits ?? 0, sample.SeparabilityHighBits ?? 0];
        }

        var first = Sample(0);
        Assert.True(Enumerable.Range(1, 20).Count(seed => Sample(seed)[0] >= first[1] - 0.02 && Sample(seed)[0] <= first[2] + 0.02) >= 14);
        Assert.Null(Run("circle_noise_0.1", s_quick).MixtureLow);
        Assert.Equal(result.SeparabilityLowBits, Run("circle_noise_0.1", options).SeparabilityLowBits);
    }

    [Fact]
    public void A_plane_hidden_in_many_dimensions_is_found_by_components()
    {
        using var scope = NewDisposeScope();
        var (x, y) = ReferenceClouds.Circle();
        var circle = stack([tensor(x), tensor(y)], 1);
        var basis = linalg.qr(RandomTensor.Normal(20, 20).to(ScalarType.Float64)).Q.narrow(1, 0, 2).t();
        var hidden = circle.matmul(basis) + 4;
        var result = IndicesAnalysis.Run(new IndicesInput(hidden, "hidden circle"), s_quick);
        Assert.Equal(PlaneChoice.Components, result.Plane);
        Assert.Equal(1.5, result.SeparabilityBits, 0.01);
        Assert.Equal(1, result.VarianceShare, 1e-9);
        Assert.Contains(result.Warnings, warning => warning.Contains("20 dimensions", StringComparison.Ordinal));
    }

    [Fact]
    public void The_planes_of_a_torus_fall_into_two_circles()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (ReferenceClouds.Cloud("torus_plane_01"), ReferenceClouds.Cloud("torus_plane_23"));
        var torus = stack([tensor(first.X), tensor(first.Y), tensor(second.X), tensor(second.Y)], 1).narrow(0, 0, 1024);
        var result = IndicesAnalysis.Run(new IndicesInput(torus, "torus"), s_quick with { Plane = PlaneChoice.Columns, LeadingAxes = 8 });
        Assert.Equal(4, result.PlaneBits.Length);
        Assert.Equal(1.5, result.PlaneBits[0][1], 0.05);
        Assert.Equal(1.5, result.PlaneBits[3][2], 0.05);
        Assert.All(new[] { 0, 1 }, circle => Assert.All(new[] { 2, 3 }, other => Assert.True(result.PlaneBits[circle][other] < 0.08)));
        Assert.InRange(result.SpaceMixture!.Share, 0.21, 0.3);
        Assert.Contains(IndicesFigures.Draw(result), figure => figure.Name == "separability-by-plane");
        Assert.Empty(result.Warnings);
        Assert.Equal(JsonValueKind.Null, JsonSerializer.SerializeToElement(result, ResultJson.Options).GetProperty("planeBits")[0][0].ValueKind);
    }

    [Fact]
    public void Columns_can_be_chosen()
    {
        using var scope = NewDisposeScope();
        var (x, y) = ReferenceClouds.Circle();
        var points = stack([tensor(x), zeros(x.Length, dtype: ScalarType.Float64), tensor(y)], 1);
        var result = IndicesAnalysis.Run(new IndicesInput(points, "points"), s_quick with { Plane = PlaneChoice.Columns, Axes = [2, 0] });
        Assert.Equal(1.5, result.SeparabilityBits, 0.01);
        Assert.Equal([2, 0], result.Axes);
    }

    [Fact]
    public void Small_and_flat_clouds_are_measured_with_a_warning()
    {
        using var few = RandomTensor.Normal(20, 2);
        Assert.Contains(Run(few).Warnings, warning => warning.StartsWith("20 points are too few", StringComparison.Ordinal));
        using var flat = cat([RandomTensor.Normal(100, 1), ones(100, 1)], 1);
        var result = Run(flat);
        Assert.Equal(1, result.Mixture);
        Assert.Equal(0, result.Score);
        Assert.Contains(result.Warnings, warning => warning.Contains("constant", StringComparison.Ordinal));
        Assert.Equal(2, IndicesFigures.Draw(result).Count);
    }

    [Fact]
    public void Hostile_input_is_refused_in_one_line()
    {
        using var scope = NewDisposeScope();
        var points = RandomTensor.Normal(60, 3);
        Assert.Contains("no axis 3", Refusal(points, s_quick with { Axes = [0, 3] }), StringComparison.Ordinal);
        Assert.Contains("two different axes", Refusal(points, s_quick with { Axes = [1, 1] }), StringComparison.Ordinal);
        Assert.Contains("two different axes", Refusal(points, s_quick with { Axes = [0, 1, 2] }), StringComparison.Ordinal);
        Assert.Contains("[n ≥ 2, d ≥ 2]", Refusal(ones(5, 1), s_quick), StringComparison.Ordinal);
        Assert.Contains("[n ≥ 2, d ≥ 2]", Refusal(ones(5, 2, 2), s_quick), StringComparison.Ordinal);
        points[4, 1] = tensor(float.NaN);
        Assert.Contains("not finite", Refusal(points, s_quick), StringComparison.Ordinal);
        Assert.Contains("not finite", Refusal(points, s_quick with { Plane = PlaneChoice.Columns }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_catalogue_runs_it_on_a_file_and_writes_the_documented_keys()
    {
        var folder = Directory.CreateTempSubdirectory("interp-indices-");
        try
        {
            var (x, y) = ReferenceClouds.Circle();
            using var points = stack([tensor(x), tensor(y)], 1);
            var file = Path.Combine(folder.FullName, "cloud.safetensors");
            SafetensorsWriter.Write(file, new Dictionary<string, Tensor> { ["points"] = points });
            using var outcome = AnalysisCatalogue.Find("circles-indices").Run(new AnalysisSources { Tensor = $"{file}:points", OutputFolder = folder.FullName }, s_quick);
            var json = JsonSerializer.SerializeToElement(outcome.Result, outcome.Result.GetType(), ResultJson.Options);
            string[] keys = ["separabilityBits", "separabilityAngle", "mixture", "mixtureDirection", "mixtureOffset", "points", "estimator"];
            Assert.All(keys, key => Assert.True(json.TryGetProperty(key, out _), key));
            Assert.Equal("paper-ranking", json.GetProperty("estimator").GetString());
            Assert.Equal(4096, json.GetProperty("points").GetInt32());
            Assert.Equal(["cloud", "information-by-angle", "mixture-by-direction"], outcome.Figures.Select(figure => figure.Name));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Nothing_stays_alive_after_a_run()
    {
        using var points = RandomTensor.Normal(200, 5);
        LiveTensors.AssertNoGrowth(() => IndicesAnalysis.Run(new IndicesInput(points, "points"), s_quick));
        LiveTensors.AssertNoGrowth(() => IndicesAnalysis.Run(new IndicesInput(points, "points"), s_quick with { Plane = PlaneChoice.Columns }));
    }

    [Fact]
    public void A_cancelled_run_stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        using var points = RandomTensor.Normal(200, 2);
        Assert.ThrowsAny<OperationCanceledException>(() => IndicesAnalysis.Run(new IndicesInput(points, "points"), s_quick, cancellation: source.Token));
    }

    private static string Refusal(Tensor points, IndicesOptions options) =>
        Assert.ThrowsAny<InterpException>(() => IndicesAnalysis.Run(new IndicesInput(points, "points"), options)).Message;

    private static IndicesResult Run(Tensor points) => IndicesAnalysis.Run(new IndicesInput(points, "points"), s_quick);

    private static IndicesResult Run(string name, IndicesOptions options)
    {
        var cloud = ReferenceClouds.Cloud(name);
        using var scope = NewDisposeScope();
        return IndicesAnalysis.Run(new IndicesInput(stack([tensor(cloud.X), tensor(cloud.Y)], 1), name), options);
    }
}
