using System.Text.Json;
using Interp.Models.Checkpoints;
using static TorchSharp.torch;

namespace Interp.Cli.Tests.Verbs;

/// <summary>Point clouds through the command line, degenerate ones above all: a defined result or one clear line.</summary>
public sealed class CirclesVerbsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("equal", 0.0)]
    [InlineData("line", null)]
    [InlineData("two", null)]
    public void A_cloud_without_area_is_a_mixture_and_says_so(string cloud, double? bits)
    {
        var result = Json("circles", "indices", Cloud(cloud));
        Assert.Equal(1, result.GetProperty("mixture").GetDouble());
        Assert.Equal(0, result.GetProperty("score").GetDouble());
        Assert.True(result.GetProperty("isLowerDimensional").GetBoolean());
        Assert.Contains(result.GetProperty("warnings").EnumerateArray(), line => line.GetString()!.Contains("lies on a line", StringComparison.Ordinal));
        if (bits is { } expected)
        {
            Assert.Equal(expected, result.GetProperty("separabilityBits").GetDouble());
        }
    }

    [Theory]
    [InlineData("indices", "one", "[n ≥ 2, d ≥ 2]")]
    [InlineData("indices", "nan", "not finite")]
    [InlineData("indices", "infinite", "not finite")]
    [InlineData("homology", "nan", "not finite")]
    [InlineData("homology", "infinite", "not finite")]
    [InlineData("evr", "nan", "not finite")]
    [InlineData("evr", "equal", "nothing to explain")]
    [InlineData("evr", "two", "[p², d]")]
    public void Clouds_that_cannot_be_measured_end_with_one_line(string verb, string cloud, string part)
    {
        var finished = Run("circles", verb, Cloud(cloud));
        Assert.Equal(1, finished.Status);
        Assert.Contains(part, finished.ErrorLine, StringComparison.Ordinal);
        Assert.Empty(finished.Output);
    }

    [Theory]
    [InlineData("equal", 1)]
    [InlineData("line", 49)]
    [InlineData("two", 2)]
    [InlineData("one", 1)]
    public void Clouds_without_a_loop_have_no_bar(string cloud, int points)
    {
        var result = Json("circles", "homology", Cloud(cloud));
        Assert.Equal(0, result.GetProperty("barCount").GetInt32());
        Assert.Equal(points, result.GetProperty("points").GetInt32());
        Assert.False(result.GetProperty("isCircle").GetBoolean());
    }

    [Fact]
    public void Legacy_estimators_are_reached_by_name()
    {
        var result = Json("circles", "indices", Cloud("circle"), "--estimator", "demo", "--mixture-estimator", "gradient-t1");
        Assert.Equal("demo", result.GetProperty("estimator").GetString());
        Assert.Equal("gradient-t1", result.GetProperty("mixtureEstimator").GetString());
        Assert.InRange(result.GetProperty("mixture").GetDouble(), 0.02, 0.3);

        // The least over angles is where the seven points fall into mirrored pairs: the entropy of (1, 2, 2, 2)/7, 1.950 bits.
        Assert.Equal(1.95, result.GetProperty("separabilityBits").GetDouble(), 0.02);
    }

    [Fact]
    public void A_grid_is_explained_and_a_circle_certified()
    {
        var steps = Json("circles", "evr", Cloud("circle"), "--grid", "7", "--groups", "onehot-a,circle-c").GetProperty("steps");
        Assert.Equal(["constant", "onehot-a", "circle-c"], steps.EnumerateArray().Select(step => step.GetProperty("group").GetString()));
        Assert.Equal(1, steps[2].GetProperty("r2").GetDouble(), 1e-9);
        Assert.True(Json("circles", "homology", Cloud("circle"), "--modulus", "7", "--pairs").GetProperty("isCircle").GetBoolean());
    }

    /// <summary>A file of clouds of 49 points or fewer; circle is (a + b) mod 7 on all pairs.</summary>
    private string Cloud(string name)
    {
        var file = _folder["clouds.safetensors"];
        if (!File.Exists(file))
        {
            using var scope = NewDisposeScope();
            var row = arange(49, ScalarType.Float64);
            var angle = 2 * Math.PI / 7 * (row.div(7).floor() + row.remainder(7));
            var broken = ones(49, 2, dtype: ScalarType.Float64);
            var (nan, infinite) = (broken.clone(), broken.clone());
            nan[3, 1] = tensor(double.NaN);
            infinite[5, 0] = tensor(double.NegativeInfinity);
            SafetensorsWriter.Write(file, new Dictionary<string, Tensor>
            {
                ["equal"] = broken,
                ["line"] = stack([row, 3 * row], 1),
                ["two"] = tensor(new[,] { { 0.0, 1 }, { 2, -1 } }),
                ["one"] = tensor(new[,] { { 0.5, 1 } }),
                ["nan"] = nan,
                ["infinite"] = infinite,
                ["circle"] = stack([angle.cos(), angle.sin()], 1),
            });
        }

        return $"{file}:{name}";
    }

    private InterpProcess.Finished Run(params string[] args) => InProcess.Run([.. args, "--workspace", _folder["w"]]);

    private JsonElement Json(params string[] args)
    {
        var finished = Run([.. args, "--json"]);
        Assert.True(finished.Status == 0, finished.Error);
        return JsonDocument.Parse(finished.Output).RootElement;
    }
}
